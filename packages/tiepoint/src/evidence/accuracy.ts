import {
  type Correspondences,
  type Fit,
  fitTransform,
  predictCovariance,
  residualsOf,
  subset,
  type TransformModel,
  inverseTransformPoint,
} from '@tiepoint/geometry';
import type { SharedGround } from '../inputs/shared-ground.js';
import type { Accuracy } from './evidence.js';

/** Blocks along each side for held-out checks: one block of nine is left out at a time. */
const blocks = 3;

function lengths(residuals: Float64Array): number[] {
  return Array.from({ length: residuals.length / 2 }, (_, i) => Math.hypot(residuals[2 * i]!, residuals[2 * i + 1]!));
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(values.length, 1));
}

/** Which of as many equal parts of the values' range each value lies in. */
function parts(values: Float64Array): Uint8Array {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return Uint8Array.from(values, (v) => Math.min(blocks - 1, Math.floor((blocks * (v - low)) / (high - low || 1))));
}

/**
 * Residuals of inliers at tie points that took no part in the fit: the ground they cover is cut into 3×3 blocks, each is
 * predicted from the others. Where too little is left for a fit the block is passed over.
 */
function heldOut(inliers: Correspondences, model: TransformModel): number[] {
  const columns = parts(inliers.target.filter((_, i) => i % 2 === 0));
  const rows = parts(inliers.target.filter((_, i) => i % 2 === 1));
  const blockOf = (i: number): number => rows[i]! * blocks + columns[i]!;
  const indices = Array.from(rows.keys());
  const all: number[] = [];
  for (let block = 0; block < blocks * blocks; block++) {
    const left = subset(
      inliers,
      indices.filter((i) => blockOf(i) === block),
    );
    if (left.source.length === 0) continue;
    const fit = fitTransform(
      subset(
        inliers,
        indices.filter((i) => blockOf(i) !== block),
      ),
      model,
    );
    if (fit !== null) all.push(...lengths(residualsOf(fit.transform, left)));
  }
  return all;
}

function predictedSd(fit: Fit, ground: SharedGround): number {
  let sum = 0;
  let count = 0;
  for (const [x, y] of ground.points) {
    const at = inverseTransformPoint(fit.transform, x, y);
    if (at === null) continue;
    const [xx, , yy] = predictCovariance(fit, at[0], at[1]);
    sum += (xx + yy) / 2;
    count++;
  }
  return Math.sqrt(sum / Math.max(count, 1));
}

/** States how good a fit is, from its inliers and over the part of the reference both images show; all in px of the reference plane. */
export function accuracyOf(fit: Fit, inliers: Correspondences, ground: SharedGround): Accuracy<'plane px'> {
  const checks = heldOut(inliers, fit.model).toSorted((a, b) => a - b);
  const own = lengths(residualsOf(fit.transform, inliers));
  return {
    rmse: rootMeanSquare(own),
    checkRmse: rootMeanSquare(checks.length > 0 ? checks : own),
    ce90: checks[Math.min(checks.length - 1, Math.ceil(0.9 * checks.length) - 1)] ?? Math.max(0, ...own),
    predictedSd: predictedSd(fit, ground),
    unit: 'plane px',
  };
}
