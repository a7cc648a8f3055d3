import { pairwiseMeasure, PATCH, type SimilarityMeasure } from './measure.js';
import { differences, smoothPatch } from './patch-filter.js';

/** Cells in each direction, and directions of the gradient. */
const CELLS = 4;
const DIRECTIONS = 8;
/** The second octave: every other pixel. */
const STEP = 2;
const SIDE = PATCH / STEP;
/** SIFT's cells are three deviations of the scale wide (Lowe 2004), so a patch of four cells belongs to this scale, px. */
const SIGMA = PATCH / CELLS / 3;
/** No element of the descriptor may be larger. */
const LARGEST = 0.2;

function toUnitLength(vector: Float32Array): void {
  let squares = 0;
  for (const v of vector) squares += v * v;
  const factor = 1 / Math.max(Math.sqrt(squares), 1e-12);
  for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! * factor;
}

/** Adds a gradient to the eight elements around its place and direction (trilinear interpolation). */
function spread(descriptor: Float32Array, row: number, column: number, direction: number, weight: number): void {
  const [r0, c0, d0] = [Math.floor(row), Math.floor(column), Math.floor(direction)];
  for (let r = r0; r <= r0 + 1; r++) {
    for (let c = c0; c <= c0 + 1; c++) {
      if (r < 0 || c < 0 || r >= CELLS || c >= CELLS) continue;
      const share = weight * (1 - Math.abs(row - r)) * (1 - Math.abs(column - c));
      for (let d = d0; d <= d0 + 1; d++) {
        const at = (r * CELLS + c) * DIRECTIONS + (d % DIRECTIONS);
        descriptor[at] = descriptor[at]! + share * (1 - Math.abs(direction - d));
      }
    }
  }
}

/** The 128 elements of SIFT over the whole patch, upright, in the second octave; unit length. */
export function siftOctDescriptor(patch: Float32Array): Float32Array {
  const smooth = smoothPatch(patch, SIGMA);
  const octave = Float32Array.from(
    { length: SIDE * SIDE },
    (_, i) => smooth[Math.floor(i / SIDE) * STEP * PATCH + (i % SIDE) * STEP]!,
  );
  const [dx, dy] = differences(octave, SIDE);
  const descriptor = new Float32Array(CELLS * CELLS * DIRECTIONS);
  const middle = (SIDE - 1) / 2;
  for (let y = 1; y < SIDE - 1; y++) {
    for (let x = 1; x < SIDE - 1; x++) {
      const [gx, gy] = [dx[y * SIDE + x]!, dy[y * SIDE + x]!];
      const [u, v] = [(x - middle) / (SIDE / CELLS), (y - middle) / (SIDE / CELLS)];
      // The window is as wide as half the descriptor.
      const window = Math.exp(-(u * u + v * v) / (2 * (CELLS / 2) ** 2));
      const turn = Math.atan2(gy, gx) / (2 * Math.PI);
      const direction = (turn < 0 ? turn + 1 : turn) * DIRECTIONS;
      spread(descriptor, v + (CELLS - 1) / 2, u + (CELLS - 1) / 2, direction, window * Math.hypot(gx, gy));
    }
  }
  toUnitLength(descriptor);
  for (let i = 0; i < descriptor.length; i++) descriptor[i] = Math.min(descriptor[i]!, LARGEST);
  toUnitLength(descriptor);
  return descriptor;
}

/**
 * SIFT-OCT (Suri, Schwind, Uhl and Reinartz 2010): SIFT for radar images, which skips the first octave, where speckle is, and the
 * dominant orientation. Descriptors are compared by Euclidean distance.
 */
export function siftOct(): SimilarityMeasure {
  return pairwiseMeasure('sift-oct', (first, second) => {
    const [a, b] = [siftOctDescriptor(first), siftOctDescriptor(second)];
    let squares = 0;
    for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
    return -Math.sqrt(squares);
  });
}
