import {
  type Correspondences,
  type Estimate,
  fitTransform,
  isMatrixTransform,
  type MatrixTransform,
  type Plane,
  type Transform,
} from '@tiepoint/geometry';
import { accuracyOf } from './accuracy.js';
import { estimateModel } from './model-choice.js';
import type { PlaneOptions } from './plane-options.js';
import { independence, type RefineContext } from './refine.js';
import type { SharedGround } from './shared-ground.js';
import { localisedTiePoints, scaledToResiduals, type TiePointSet } from './tie-points.js';
import { withSharedErrors } from './transform-error.js';
import type { Accuracy } from './types.js';

/** Residual beyond which a tie point of the last pass is wrong, px. */
const residualLimit = 3;

/** A model fitted to tie points. */
export interface FittedModel {
  readonly set: TiePointSet;
  readonly estimate: Estimate;
}

/** Fits the model that was asked for, or the one the tie points speak for; null where there are too few. */
export function fitModel(
  set: TiePointSet,
  referenceToSensed: MatrixTransform,
  ground: SharedGround,
  tried: number,
  options: PlaneOptions,
): FittedModel | null {
  const { matrix } = referenceToSensed;
  const scale = 1 / Math.sqrt(Math.abs(matrix[0] * matrix[4] - matrix[1] * matrix[3]));
  const { sensed, reference } = set.points;
  const estimate = estimateModel(options.model, {
    points: set.predicted ? set.points : { sensed, reference },
    threshold: residualLimit,
    seed: options.seed,
    independence: independence(ground, { window: set.window, step: 1 }, tried),
    window: set.window,
    minScale: 0.7 * scale,
    maxScale: 1.4 * scale,
  });
  return estimate && { set, estimate };
}

/** The model with the given tie points joined to those that were found; null where no model fits both. */
export function join(
  { set, estimate }: FittedModel,
  given: Correspondences,
  referenceToSensed: MatrixTransform,
  ground: SharedGround,
  options: PlaneOptions,
): FittedModel | null {
  const { points } = scaledToResiduals(set, estimate);
  const both = (found: Float64Array, more: Float64Array): Float64Array => Float64Array.from([...found, ...more]);
  const joined: TiePointSet = {
    points: {
      sensed: both(points.sensed, given.sensed),
      reference: both(points.reference, given.reference),
      covariance: both(points.covariance!, given.covariance!),
    },
    score: both(set.score, new Float64Array(given.sensed.length / 2).fill(1)),
    window: set.window,
    predicted: true,
  };
  return fitModel(joined, referenceToSensed, ground, joined.score.length, options);
}

/** A model with its covariances made to fit the residuals, and how good it is. */
export function withAccuracy(
  { set, estimate: found }: FittedModel,
  ground: SharedGround,
): { readonly points: Correspondences; readonly estimate: Estimate; readonly accuracy: Accuracy } {
  const { points, estimate: scaled } = scaledToResiduals(set, found);
  const estimate = withSharedErrors(set, scaled);
  const kept = Array.from(estimate.inliers.keys()).filter((i) => estimate.inliers[i] === 1);
  const pick = (data: Float64Array, size: number): Float64Array =>
    Float64Array.from(kept.flatMap((i) => Array.from(data.subarray(size * i, size * i + size))));
  const { sensed, reference, covariance } = points;
  const inliers = { sensed: pick(sensed, 2), reference: pick(reference, 2), covariance: pick(covariance!, 3) };
  return { points, estimate, accuracy: accuracyOf(estimate.fit, inliers, ground) };
}

/** The model fitted from the reference to the sensed image: good to a fraction of its residuals, as a start. */
function backwards({ set, estimate }: FittedModel): Transform | null {
  const { sensed, reference } = set.points;
  const weights = Float64Array.from(estimate.inliers);
  return fitTransform({ sensed: reference, reference: sensed }, estimate.model, weights)?.transform ?? null;
}

/** Localises tie points by DLSM and fits the model to them; null where that is not asked for or finds too few. */
export async function localise(
  { engine, signal }: RefineContext,
  reference: Plane,
  sensed: Plane,
  referenceToSensed: MatrixTransform,
  grid: FittedModel,
  ground: SharedGround,
  options: PlaneOptions,
): Promise<FittedModel | null> {
  if (options.dlsm === undefined) return null;
  options.onProgress?.('localising tie points');
  // The field of DLSM is narrow: where the scene bends it is laid along the bend.
  const geometry = isMatrixTransform(grid.estimate.transform)
    ? referenceToSensed
    : (backwards(grid) ?? referenceToSensed);
  const set = await localisedTiePoints(engine, options.dlsm, reference, sensed, geometry, signal, options.full);
  return set && fitModel(set, referenceToSensed, ground, set.score.length, options);
}
