import type { Plane } from '@tiepoint/geometry';
import { createPyramid, type Pyramid } from '@tiepoint/matching';
import { planesOf, type Task } from '../inputs/task.js';

type Point = readonly [x: number, y: number];

/** Parts of both images that are looked at together, and where they begin, px of each. */
export interface PartPair {
  readonly reference: Pyramid;
  readonly sensed: Pyramid;
  readonly referenceOrigin: Point;
  readonly sensedOrigin: Point;
}

/** Both images as they are. */
export function wholeImages({ reference, sensed }: Pick<Task, 'reference' | 'sensed'>): PartPair {
  return { reference, sensed, referenceOrigin: [0, 0], sensedOrigin: [0, 0] };
}

/**
 * Longest side of the smaller image, of that of the larger, below which the larger is looked at part by part. Parts have twice the
 * side of the smaller image and overlap by half, so that it lies whole in one of them.
 */
const small = { below: 0.6, side: 2 } as const;
/** Share of each side that adjoining images are looked at by: a border of half of that is half of such a part. */
const borderShare = 0.4;

interface Part {
  readonly part: Pyramid;
  readonly origin: Point;
}

function cut(plane: Plane, [x0, y0]: Point, width: number, height: number): Part {
  const rows = <T extends Float32Array | Uint8Array>(samples: T): T => {
    const out = samples.slice(0, width * height) as T;
    for (let y = 0; y < height; y++) {
      const from = (y0 + y) * plane.width + x0;
      out.set(samples.subarray(from, from + width), y * width);
    }
    return out;
  };
  const mask = plane.mask === undefined ? {} : { mask: rows(plane.mask) };
  return { part: createPyramid({ width, height, data: rows(plane.data), ...mask }), origin: [x0, y0] };
}

/** Squares of a side that cover a plane and overlap by half. */
function squaresOf(plane: Plane, side: number): readonly Part[] {
  const starts = (length: number): number[] => {
    const last = Math.max(0, length - side);
    const steps = Math.ceil((2 * last) / side);
    return Array.from({ length: steps + 1 }, (_, i) => (steps === 0 ? 0 : Math.round((i * last) / steps)));
  };
  const [width, height] = [Math.min(side, plane.width), Math.min(side, plane.height)];
  return starts(plane.height).flatMap((y) => starts(plane.width).map((x) => cut(plane, [x, y], width, height)));
}

const longest = ({ width, height }: Plane): number => Math.max(width, height);

function areOfOneSize(reference: Plane, sensed: Plane): boolean {
  const [a, b] = [longest(reference), longest(sensed)];
  return Math.min(a, b) >= small.below * Math.max(a, b);
}

/** Parts of the larger image, each with all of the smaller; none where they are about as large. */
export function partsOfLarger(task: Task): readonly PartPair[] {
  const [reference, sensed] = planesOf(task);
  if (areOfOneSize(reference, sensed)) return [];
  const both = wholeImages(task);
  return longest(sensed) < longest(reference)
    ? squaresOf(reference, small.side * longest(sensed)).map(({ part, origin }) => {
        return { ...both, reference: part, referenceOrigin: origin };
      })
    : squaresOf(sensed, small.side * longest(reference)).map(({ part, origin }) => {
        return { ...both, sensed: part, sensedOrigin: origin };
      });
}

/** The eight neighbourhoods: which end of the reference adjoins the opposite one of the sensed image, along x and y; 0 where all of it does. */
const neighbours = [-1, 0, 1]
  .flatMap((x) => [-1, 0, 1].map((y) => [x, y] as const))
  .filter(([x, y]) => x !== 0 || y !== 0);

function endOf(plane: Plane, [alongX, alongY]: Point): Part {
  const size = (length: number, along: number): number => (along === 0 ? length : Math.round(borderShare * length));
  const [width, height] = [size(plane.width, alongX), size(plane.height, alongY)];
  return cut(plane, [alongX > 0 ? plane.width - width : 0, alongY > 0 ? plane.height - height : 0], width, height);
}

/** Each border and corner of the reference with the opposite one of the sensed image; none where one is much smaller than the other. */
export function adjoiningParts(task: Task): readonly PartPair[] {
  const [reference, sensed] = planesOf(task);
  if (!areOfOneSize(reference, sensed)) return [];
  return neighbours.map(([x, y]) => {
    const [fixed, moving] = [endOf(reference, [x, y]), endOf(sensed, [-x, -y])];
    return {
      reference: fixed.part,
      sensed: moving.part,
      referenceOrigin: fixed.origin,
      sensedOrigin: moving.origin,
    };
  });
}
