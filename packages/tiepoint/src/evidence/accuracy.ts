import { type Correspondences, type Fit, errorPredictor, residualsOf, inverseTransformPoint } from '@tiepoint/geometry';
import type { SharedGround } from '../inputs/shared-ground.js';
import type { Accuracy } from './evidence.js';
import type { HeldOut } from './held-out.js';

function lengths(residuals: Float64Array): number[] {
  return Array.from({ length: residuals.length / 2 }, (_, i) => Math.hypot(residuals[2 * i]!, residuals[2 * i + 1]!));
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(values.length, 1));
}

function predictedSd(fit: Fit, ground: SharedGround): number {
  const errorAt = errorPredictor(fit);
  let sum = 0;
  let count = 0;
  for (const [x, y] of ground.points) {
    const at = inverseTransformPoint(fit.transform, x, y);
    if (at === null) continue;
    const [xx, , yy] = errorAt(at[0], at[1]);
    sum += (xx + yy) / 2;
    count++;
  }
  return Math.sqrt(sum / Math.max(count, 1));
}

/**
 * States how good a fit is, from its inliers and over the part of the reference both images show; all in px of the reference plane.
 *
 * @param heldOut - what of the inliers was held out
 */
export function accuracyOf(
  fit: Fit,
  inliers: Correspondences,
  heldOut: HeldOut,
  ground: SharedGround,
): Accuracy<'plane px'> {
  const checks = lengths(heldOut.residuals).toSorted((a, b) => a - b);
  const own = lengths(residualsOf(fit.transform, inliers));
  return {
    rmse: rootMeanSquare(own),
    checkRmse: rootMeanSquare(checks.length > 0 ? checks : own),
    ce90: checks[Math.min(checks.length - 1, Math.ceil(0.9 * checks.length) - 1)] ?? Math.max(0, ...own),
    predictedSd: predictedSd(fit, ground),
    unit: 'plane px',
  };
}
