import {
  type Correspondences,
  type Fit,
  fitTransform,
  type Plane,
  predictCovariance,
  residualsOf,
  type Transform,
  type TransformModel,
  inverseTransformPoint,
} from '@tiepoint/geometry';
import type { Accuracy } from './types.js';

/** Blocks along each side for held-out checks: one block of nine is left out at a time. */
const blocks = 3;

function subset(points: Correspondences, keep: (index: number) => boolean): Correspondences {
  const indices = Array.from({ length: points.sensed.length / 2 }, (_, i) => i).filter(keep);
  const pick = (data: Float64Array, size: number): Float64Array =>
    Float64Array.from(indices.flatMap((i) => Array.from(data.subarray(size * i, size * i + size))));
  return {
    sensed: pick(points.sensed, 2),
    reference: pick(points.reference, 2),
    ...(points.covariance ? { covariance: pick(points.covariance, 3) } : {}),
  };
}

function lengths(residuals: Float64Array): number[] {
  return Array.from({ length: residuals.length / 2 }, (_, i) => Math.hypot(residuals[2 * i]!, residuals[2 * i + 1]!));
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(values.length, 1));
}

/**
 * Residuals of inliers at tie points that took no part in the fit: the reference is cut into 3×3 blocks, each is predicted from
 * the others. Where too little is left for a fit the block is passed over.
 */
function heldOut(inliers: Correspondences, model: TransformModel, reference: Plane): number[] {
  const blockOf = (i: number): number => {
    const column = Math.min(blocks - 1, Math.floor((inliers.reference[2 * i]! / reference.width) * blocks));
    const row = Math.min(blocks - 1, Math.floor((inliers.reference[2 * i + 1]! / reference.height) * blocks));
    return row * blocks + column;
  };
  const all: number[] = [];
  for (let block = 0; block < blocks * blocks; block++) {
    const left = subset(inliers, (i) => blockOf(i) === block);
    if (left.sensed.length === 0) continue;
    const fit = fitTransform(
      subset(inliers, (i) => blockOf(i) !== block),
      model,
    );
    if (fit !== null) all.push(...lengths(residualsOf(fit.transform, left)));
  }
  return all;
}

function predictedSd(fit: Fit, sensedToReference: Transform, reference: Plane): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < 8; row++) {
    for (let column = 0; column < 8; column++) {
      const x = ((column + 0.5) / 8) * reference.width;
      const y = ((row + 0.5) / 8) * reference.height;
      const at = inverseTransformPoint(sensedToReference, x, y);
      if (at === null) continue;
      const [xx, , yy] = predictCovariance(fit, at[0], at[1]);
      sum += (xx + yy) / 2;
      count++;
    }
  }
  return Math.sqrt(sum / Math.max(count, 1));
}

/** States how good a fit is; all in px of the reference plane. */
export function accuracyOf(fit: Fit, inliers: Correspondences, reference: Plane): Accuracy {
  const checks = heldOut(inliers, fit.model, reference).toSorted((a, b) => a - b);
  const own = lengths(residualsOf(fit.transform, inliers));
  return {
    rmse: rootMeanSquare(own),
    checkRmse: rootMeanSquare(checks.length > 0 ? checks : own),
    ce90: checks[Math.min(checks.length - 1, Math.ceil(0.9 * checks.length) - 1)] ?? Math.max(0, ...own),
    predictedSd: predictedSd(fit, fit.transform, reference),
    unit: 'px',
  };
}
