import { correlatedErrors, type Correspondences, type Estimate } from '@tiepoint/geometry';
import type { TiePointSet } from './tie-point-set.js';

/** Distances up to which errors of tie points may be alike, in sides of their windows: those that overlap see the same ground. */
const ranges = [0.5, 1, 1.5, 2, 4, 8];

/**
 * Deviation that all tie points of a pair share over that of one. Sensors differ all over a scene in the same way, and so does what
 * a matcher makes of it: no residual shows that. Set where the truth is good, see dev-docs/accuracy.md.
 */
const shared = 0.25;

/** Diagonal of the box around points, px: errors alike over more than that look like a shift of all. */
function reach({ target }: Correspondences): number {
  const side = (axis: 0 | 1): number => {
    const values = target.filter((_, i) => i % 2 === axis);
    return values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity);
  };
  return Math.hypot(side(0), side(1));
}

/**
 * An estimate whose parameters' covariance allows for tie points that err alike: neighbours as far as their residuals show, all of
 * them by a fixed share. Where that cannot be said, of a spline or without redundancy, the estimate as it is.
 *
 * @param points - as the estimate was weighted: the set's own covariances where they are predictions, else all alike
 */
export function withSharedErrors({ points, window, predicted }: TiePointSet, estimate: Estimate): Estimate {
  const alike = (): Float64Array => points.covariance!.map((_, i) => (i % 3 === 1 ? 0 : 1));
  const weighted = predicted ? points : { ...points, covariance: alike() };
  const errors = correlatedErrors(weighted, estimate.fit, estimate.weights, {
    ranges: ranges.map((sides) => sides * window).filter((range) => range <= reach(points)),
    common: shared ** 2,
  });
  if (errors === null) return estimate;
  const { parameterCovariance } = errors;
  return { ...estimate, parameterCovariance, fit: { ...estimate.fit, parameterCovariance } };
}
