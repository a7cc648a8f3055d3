import type { Correspondences } from '../points/correspondences.js';
import { marginalQuality, thresholdInSigmas } from './marginal-score.js';

/**
 * How residuals are measured: dᵀ M d is the squared residual over the squared threshold.
 * Without covariances M is the same for all; with them M = (k² (Σ + σ²I))⁻¹, where the threshold is kσ.
 */
export interface ResidualMetric {
  /** Interleaved [mxx, mxy, myy] of each point. */
  readonly perPoint: Float64Array;
}

/** The metric of the points for a threshold in px. */
export function residualMetric(points: Correspondences, threshold: number): ResidualMetric {
  const count = points.source.length / 2;
  const perPoint = new Float64Array(3 * count);
  const sigma2 = (threshold / thresholdInSigmas) ** 2;
  const k2 = thresholdInSigmas ** 2;
  for (let i = 0; i < count; i++) {
    const xx = sigma2 + (points.covariance?.[3 * i] ?? 0);
    const xy = points.covariance?.[3 * i + 1] ?? 0;
    const yy = sigma2 + (points.covariance?.[3 * i + 2] ?? 0);
    const det = (xx * yy - xy * xy) * k2;
    perPoint[3 * i] = yy / det;
    perPoint[3 * i + 1] = -xy / det;
    perPoint[3 * i + 2] = xx / det;
  }
  return { perPoint };
}

/**
 * The support of a matrix: the sum of the points' qualities, each 0 … 1. Gives up and returns -1 as soon as it cannot exceed `best`.
 */
export function scoreMatrix(m: Float64Array, points: Correspondences, metric: ResidualMetric, best: number): number {
  const { source, target } = points;
  const { perPoint } = metric;
  const count = source.length / 2;
  const [a, b, c, d, e, f, g, h, w] = m as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const flat = g === 0 && h === 0 && w === 1;
  let score = 0;
  for (let i = 0; i < count; i++) {
    const x = source[2 * i]!;
    const y = source[2 * i + 1]!;
    let X = a * x + b * y + c;
    let Y = d * x + e * y + f;
    if (!flat) {
      const scale = g * x + h * y + w;
      // Behind the horizon: the centroid is on the positive side.
      if (!(scale > 1e-9)) continue;
      X /= scale;
      Y /= scale;
    }
    const dx = target[2 * i]! - X;
    const dy = target[2 * i + 1]! - Y;
    const ratio = perPoint[3 * i]! * dx * dx + 2 * perPoint[3 * i + 1]! * dx * dy + perPoint[3 * i + 2]! * dy * dy;
    if (ratio < 1) score += marginalQuality(ratio);
    if ((i & 31) === 31 && score + (count - 1 - i) <= best) return -1;
  }
  return score;
}

/** The squared residual over the squared threshold of each point, from interleaved residuals. */
export function squaredRatios(residuals: Float64Array, metric: ResidualMetric): Float64Array {
  const { perPoint } = metric;
  const ratios = new Float64Array(residuals.length / 2);
  for (let i = 0; i < ratios.length; i++) {
    const dx = residuals[2 * i]!;
    const dy = residuals[2 * i + 1]!;
    const ratio = perPoint[3 * i]! * dx * dx + 2 * perPoint[3 * i + 1]! * dx * dy + perPoint[3 * i + 2]! * dy * dy;
    ratios[i] = Number.isFinite(ratio) ? ratio : Number.POSITIVE_INFINITY;
  }
  return ratios;
}
