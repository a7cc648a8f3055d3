import { pairwiseMeasure, patchSide, type SimilarityMeasure } from './measure.js';
import { differences, smoothPatch } from './patch-filter.js';

/** Cells in each direction, and directions of the gradient. */
const cellCount = 4;
const directionCount = 8;
/** The second octave: every other pixel. */
const stepPx = 2;
const cropSide = patchSide / stepPx;
/** SIFT's cells are three deviations of the scale wide (Lowe 2004), so a patch of four cells belongs to this scale, px. */
const sigmaPx = patchSide / cellCount / 3;
/** No element of the descriptor may be larger. */
const largestShift = 0.2;

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
      if (r < 0 || c < 0 || r >= cellCount || c >= cellCount) continue;
      const share = weight * (1 - Math.abs(row - r)) * (1 - Math.abs(column - c));
      for (let d = d0; d <= d0 + 1; d++) {
        const at = (r * cellCount + c) * directionCount + (d % directionCount);
        descriptor[at] = descriptor[at]! + share * (1 - Math.abs(direction - d));
      }
    }
  }
}

/** The 128 elements of SIFT over the whole patch, upright, in the second octave; unit length. */
export function siftOctDescriptor(patch: Float32Array): Float32Array {
  const smooth = smoothPatch(patch, sigmaPx);
  const octave = Float32Array.from(
    { length: cropSide * cropSide },
    (_, i) => smooth[Math.floor(i / cropSide) * stepPx * patchSide + (i % cropSide) * stepPx]!,
  );
  const [dx, dy] = differences(octave, cropSide);
  const descriptor = new Float32Array(cellCount * cellCount * directionCount);
  const middle = (cropSide - 1) / 2;
  for (let y = 1; y < cropSide - 1; y++) {
    for (let x = 1; x < cropSide - 1; x++) {
      const [gx, gy] = [dx[y * cropSide + x]!, dy[y * cropSide + x]!];
      const [u, v] = [(x - middle) / (cropSide / cellCount), (y - middle) / (cropSide / cellCount)];
      // The window is as wide as half the descriptor.
      const window = Math.exp(-(u * u + v * v) / (2 * (cellCount / 2) ** 2));
      const turn = Math.atan2(gy, gx) / (2 * Math.PI);
      const direction = (turn < 0 ? turn + 1 : turn) * directionCount;
      spread(descriptor, v + (cellCount - 1) / 2, u + (cellCount - 1) / 2, direction, window * Math.hypot(gx, gy));
    }
  }
  toUnitLength(descriptor);
  for (let i = 0; i < descriptor.length; i++) descriptor[i] = Math.min(descriptor[i]!, largestShift);
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
