import { invertTransform, type MatrixTransform, transformPoint } from '@tiepoint/geometry';

/** Width and height of an image, px. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

type Point = readonly [number, number];
/** Corners in order, px. */
export type Polygon = readonly Point[];

/** The part of a polygon where `inside` is not negative; `inside` is linear along the edges. */
function clip(polygon: Polygon, inside: (point: Point) => number): Polygon {
  return polygon.flatMap((to, i) => {
    const from = polygon.at(i - 1)!;
    const [a, b] = [inside(from), inside(to)];
    const t = a / (a - b);
    const crossing: Point = [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
    return [...(a < 0 !== b < 0 ? [crossing] : []), ...(b < 0 ? [] : [to])];
  });
}

/** The part of a polygon that lies on an image; none where it lies beside it. */
export function clipToImage(polygon: Polygon, { width, height }: ImageSize): Polygon {
  const sides: readonly ((point: Point) => number)[] = [
    ([x]) => x,
    ([, y]) => y,
    ([x]) => width - x,
    ([, y]) => height - y,
  ];
  return sides.reduce<Polygon>(clip, polygon);
}

/**
 * The part of the reference that the sensed image covers, masks aside.
 *
 * @returns its corners in order, px of the reference; none where the images have nothing in common
 */
export function overlapOf(reference: ImageSize, sensed: ImageSize, referenceToSensed: MatrixTransform): Polygon {
  const back = invertTransform(referenceToSensed);
  if (back === null) return [];
  const corners: Polygon = [
    [0, 0],
    [sensed.width, 0],
    [sensed.width, sensed.height],
    [0, sensed.height],
  ];
  return clipToImage(
    corners.map(([x, y]) => transformPoint(back, x, y)),
    reference,
  );
}

/** Area of a polygon, px². */
export function areaOf(polygon: Polygon): number {
  const twice = polygon.reduce((sum, [x, y], i) => {
    const [fromX, fromY] = polygon.at(i - 1)!;
    return sum + fromX * y - x * fromY;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Points of a lattice over the box of a convex polygon that lie inside it, `side` a side of the box. */
export function latticeIn(polygon: Polygon, side: number): readonly Point[] {
  if (polygon.length === 0) return [];
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const within = ([x, y]: Point): boolean => {
    const turns = polygon.map(([toX, toY], i) => {
      const [fromX, fromY] = polygon.at(i - 1)!;
      return Math.sign((toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX));
    });
    return !(turns.includes(1) && turns.includes(-1));
  };
  return Array.from({ length: side * side }, (_, i): Point => {
    const [column, row] = [i % side, Math.floor(i / side)];
    return [left + ((column + 0.5) / side) * width, top + ((row + 0.5) / side) * height];
  }).filter(within);
}
