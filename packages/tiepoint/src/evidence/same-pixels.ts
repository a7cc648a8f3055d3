import { mean, type Plane, quantile, type Transform, transformPoint } from '@tiepoint/geometry';
import type { ImageSize } from '../inputs/overlap.js';
import { detailOf, overlapOfPixels, type PixelOverlap } from '../inputs/pixel-overlap.js';

/** Detail of ground does not agree with itself so far away, px; the motion of nearly all of an image that is asked for. */
const leastMotion = 6;
const nearlyAll = 0.1;
/** Places along each side at which motion is looked at. */
const places = 9;
/** Detail is compared over a square of this side in the middle, px: all of a large image says no more. */
const largestSide = 512;
/** Share of the square that both show, at least: in a corner single things agree by chance. */
const leastShared = 0.4;
/** How many times the largest agreement beside a mark's own is, at least. */
const leastPeak = 2;
/** Shifts beside, px: sunflower seeds between two circles. */
const aside = { count: 40, nearest: 4, reach: 16, turn: 2.4 } as const;

/** Whether a transform, sensed to reference px, moves nearly all of the sensed image well away from its pixels. */
export function movesAway({ width, height }: ImageSize, transform: Transform): boolean {
  const motions = Array.from({ length: places * places }, (_, i) => {
    const [x, y] = [((i % places) / (places - 1)) * width, (Math.floor(i / places) / (places - 1)) * height];
    const [X, Y] = transformPoint(transform, x, y);
    return Math.hypot(X - x, Y - y);
  });
  return quantile(motions, nearlyAll) >= leastMotion;
}

/** The square in the middle of the first pixels that two planes share. */
function middle(plane: Plane, width: number, height: number): Plane {
  const [columns, rows] = [Math.min(width, largestSide), Math.min(height, largestSide)];
  const [left, top] = [(width - columns) >> 1, (height - rows) >> 1];
  const cut = <T extends Float32Array | Uint8Array>(from: T, to: T): T => {
    for (let y = 0; y < rows; y++) {
      const start = (top + y) * plane.width + left;
      to.set(from.subarray(start, start + columns), y * columns);
    }
    return to;
  };
  const data = cut(Float32Array.from(plane.data), new Float32Array(columns * rows));
  const size = { width: columns, height: rows, data };
  return plane.mask ? { ...size, mask: cut(plane.mask, new Uint8Array(columns * rows)) } : size;
}

/** Mean product of two details, one shifted. */
function product(a: Float32Array, b: Float32Array, { width, height }: PixelOverlap, dx: number, dy: number): number {
  let [sum, count] = [0, 0];
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    const [first, second] = [y * width, (y + dy) * width + dx];
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++) sum += a[first + x]! * b[second + x]!;
    count += Math.max(0, width - Math.abs(dx));
  }
  return sum / Math.max(count, 1);
}

/**
 * By how much fine detail of two files agrees at the very same pixels more than it does some pixels aside, deviations of what it does
 * aside. Ground that does not lie there says nothing; what is printed, written or burnt into both files does, found as marks or not.
 */
export function agreementAtSamePixels(reference: Plane, sensed: Plane): number {
  const width = Math.min(reference.width, sensed.width);
  const height = Math.min(reference.height, sensed.height);
  const overlap = overlapOfPixels(middle(reference, width, height), middle(sensed, width, height));
  if (mean(overlap.valid) < leastShared) return 0;
  const [a, b] = [detailOf(overlap.a, overlap), detailOf(overlap.b, overlap)];
  const beside = Array.from({ length: aside.count }, (_, k) => {
    const radius = aside.nearest + aside.reach * Math.sqrt(k / aside.count);
    return product(
      a,
      b,
      overlap,
      Math.round(radius * Math.cos(k * aside.turn)),
      Math.round(radius * Math.sin(k * aside.turn)),
    );
  });
  const level = mean(beside);
  const spread = Math.sqrt(mean(beside.map((v) => (v - level) ** 2)));
  const most = Math.max(...beside.map((v) => Math.abs(v - level)));
  const here = product(a, b, overlap, 0, 0) - level;
  // Smooth ground agrees with itself some px aside, and then as much at other shifts.
  return spread > 0 && here > leastPeak * most ? here / spread : 0;
}
