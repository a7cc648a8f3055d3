/** The squared Mahalanobis distance dᵀ C⁻¹ d of a difference [dx, dy] by a covariance [xx, xy, yy]. */
export function squaredDistance(
  [dx, dy]: readonly [number, number],
  [xx, xy, yy]: readonly [number, number, number],
): number {
  return (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / (xx * yy - xy * xy);
}

/**
 * The squared Mahalanobis distance of the i-th of interleaved differences.
 *
 * @param residuals - x, y, x, y, …; @param covariance - [xx, xy, yy] of each; all alike and 1 where absent
 */
export function normalisedDistance(residuals: Float64Array, covariance: Float64Array | undefined, i: number): number {
  const [xx, xy, yy] = covariance?.subarray(3 * i, 3 * i + 3) ?? [1, 0, 1];
  return squaredDistance([residuals[2 * i]!, residuals[2 * i + 1]!], [xx!, xy!, yy!]);
}
