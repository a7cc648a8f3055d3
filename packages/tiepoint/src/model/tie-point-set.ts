import { type Correspondences, type Estimate, median, normalisedDistance } from '@tiepoint/geometry';

/** Tie points at full resolution, px of the planes. */
export interface TiePointSet {
  /** With the covariance of each, px² of the reference. */
  readonly points: Correspondences;
  /** Similarity of each, 0 to 1. */
  readonly score: Float64Array;
  /** Side of the patches or windows they come from, px of the reference. */
  readonly window: number;
  /** Whether the covariances are predictions to be believed, not only relative weights. */
  readonly predicted: boolean;
}

/** Median of the inliers' squared normalised residuals over what it is where the covariances are right. */
function varianceFactor({ points }: TiePointSet, { inliers, fit }: Estimate): number {
  const ratios = Array.from(inliers.keys())
    .filter((i) => inliers[i] === 1)
    .map((i) => normalisedDistance(fit.residuals, points.covariance!, i));
  // Half of the squared Mahalanobis distances in two dimensions lie below 2 ln 2.
  return (median(ratios) || 1) / (2 * Math.LN2);
}

/** Tie points and their estimate with covariances scaled to the residuals; predicted ones are only ever enlarged. */
export function scaledToResiduals(
  set: TiePointSet,
  estimate: Estimate,
): { readonly points: Correspondences; readonly estimate: Estimate } {
  const factor = Math.max(varianceFactor(set, estimate), set.predicted ? 1 : 1e-3);
  const points = { ...set.points, covariance: set.points.covariance!.map((v) => v * factor) };
  // An estimate without given covariances has its parameters' from the residuals already.
  if (!set.predicted || factor === 1) return { points, estimate };
  const parameterCovariance = estimate.fit.parameterCovariance.map((v) => v * factor);
  return { points, estimate: { ...estimate, parameterCovariance, fit: { ...estimate.fit, parameterCovariance } } };
}
