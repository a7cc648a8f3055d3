import { type Correspondences, median } from '@tiepoint/geometry';

/** Least standard deviation of a tie point, px: errors below come from the peaks' interpolation, and neighbours share them. */
const leastDeviation = 0.05;

/** The least variance that {@link pointVariance} may come to: a freer model bends to smaller errors without being closer to the truth. */
function floorOf({ covariance, source }: Correspondences): number {
  if (covariance === undefined) return leastDeviation ** 2;
  const variances = Float64Array.from(
    { length: source.length / 2 },
    (_, i) => (covariance[3 * i]! + covariance[3 * i + 2]!) / 2,
  );
  return leastDeviation ** 2 / median(variances);
}

/**
 * Variance per axis of the tie points' errors, in units of their covariances (px² where they have none), from the squared distances
 * of several models: that of the model which explains most, or wrong models would excuse themselves.
 *
 * @param distances - of each model, `normalisedDistance` of each tie point
 */
export function pointVariance(points: Correspondences, distances: readonly Float64Array[]): number {
  // Half of the squared distances in two dimensions lie below 2 ln 2 variances.
  const explained = distances.map((squares) => median(squares) / (2 * Math.LN2));
  return Math.max(Math.min(...explained), floorOf(points));
}
