import { applyTransform } from '@tiepoint/geometry';
import type { FileModel } from './file-model.js';

/** A transform at a few points, with the covariance of all their errors together: plain data. */
export interface JointError {
  /** Interleaved, px of the sensed file. */
  readonly sensed: Float64Array;
  /** Where they are mapped to, px of the reference file. */
  readonly reference: Float64Array;
  /** Row-major, in the order x, y, x, y, …, px² of the reference. */
  readonly covariance: Float64Array;
}

/** Points a side of the lattice: a quadratic has something to show, and the covariance stays small. */
const side = 3;

/** A lattice over the box of the tie points that agree: there, and nowhere else, something was measured. */
function latticeOf({ points, inliers }: FileModel): Float64Array {
  const range = (axis: 0 | 1): readonly [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (const [i, inlier] of inliers.entries()) {
      if (inlier !== 1) continue;
      low = Math.min(low, points.source[2 * i + axis]!);
      high = Math.max(high, points.source[2 * i + axis]!);
    }
    return [low, high];
  };
  const [x, y] = [range(0), range(1)];
  return Float64Array.from({ length: 2 * side * side }, (_, k) => {
    const [at, [low, high]] = k % 2 === 0 ? [(k >> 1) % side, x] : [Math.floor((k >> 1) / side), y];
    return low + ((high - low) * at) / (side - 1);
  });
}

/** How well a model is known at several points at once: what an adjustment of many registrations needs of one. */
export function jointErrorOf(model: FileModel): JointError {
  const sensed = latticeOf(model);
  return {
    sensed,
    reference: applyTransform(model.sensedToReference, sensed),
    covariance: model.jointCovariance(sensed),
  };
}
