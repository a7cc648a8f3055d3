import type { ReadItem } from './stac.js';

type Point = readonly [number, number];
type Ring = readonly Point[];

function areaOf(ring: Ring): number {
  let twice = 0;
  for (const [i, [x, y]] of ring.entries()) {
    const [nx, ny] = ring[(i + 1) % ring.length]!;
    twice += x * ny - nx * y;
  }
  return twice / 2;
}

/** Counterclockwise, without the first point again. */
function normalise(positions: readonly (readonly number[])[]): Ring {
  const points = positions.map(([x, y]): Point => [x!, y!]);
  const [first, last] = [points[0], points.at(-1)];
  const open = points.length > 1 && first![0] === last![0] && first![1] === last![1] ? points.slice(0, -1) : points;
  return areaOf(open) < 0 ? open.toReversed() : open;
}

/** The outer rings of an item's footprint, or its bounding box; holes are nothing to a choice between items. */
function ringsOf({ item }: ReadItem): readonly Ring[] {
  const { geometry, bbox } = item as { geometry: { type: string; coordinates?: unknown } | null; bbox?: number[] };
  if (geometry?.type === 'Polygon') return [normalise((geometry.coordinates as number[][][])[0]!)];
  if (geometry?.type === 'MultiPolygon') {
    return (geometry.coordinates as number[][][][]).map((polygon) => normalise(polygon[0]!));
  }
  if (bbox === undefined) return [];
  const [west, south, east, north] = bbox.length === 6 ? [bbox[0], bbox[1], bbox[3], bbox[4]] : bbox;
  return [
    normalise([
      [west!, south!],
      [east!, south!],
      [east!, north!],
      [west!, north!],
    ]),
  ];
}

/** Clips a ring by a convex one (Sutherland and Hodgman); footprints of scenes are convex, or nearly so. */
function clip(subject: Ring, convex: Ring): Ring {
  let points = subject;
  for (const [i, a] of convex.entries()) {
    const b = convex[(i + 1) % convex.length]!;
    const side = ([x, y]: Point): number => (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
    const kept: Point[] = [];
    for (const [j, p] of points.entries()) {
      const q = points[(j + 1) % points.length]!;
      const [s, t] = [side(p), side(q)];
      if (s >= 0) kept.push(p);
      if (s >= 0 !== t >= 0) kept.push([p[0] + ((q[0] - p[0]) * s) / (s - t), p[1] + ((q[1] - p[1]) * s) / (s - t)]);
    }
    points = kept;
    if (points.length < 3) return [];
  }
  return points;
}

/** The share of an item's footprint that another covers, 0 to 1; degrees are taken as a plane, as both lie at one latitude. */
export function overlapShare(item: ReadItem, other: ReadItem): number {
  const own = ringsOf(item);
  const whole = own.reduce((sum, ring) => sum + areaOf(ring), 0);
  if (!(whole > 0)) return 0;
  let shared = 0;
  for (const ring of own) for (const cover of ringsOf(other)) shared += Math.max(0, areaOf(clip(ring, cover)));
  return Math.min(1, shared / whole);
}
