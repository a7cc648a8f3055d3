import { factorCholesky, invertCholesky } from '../linear/cholesky.js';
import type { Correspondences } from '../points/correspondences.js';
import { TiepointError } from '../error.js';
import { type Fit, sandwich } from './fit.js';
import {
  correlationAt,
  type CorrelationFit,
  distancesOf,
  type ErrorCorrelation,
  fitCorrelation,
} from './restricted-likelihood.js';
import { whitenRows, type WhitenedRows } from './whitened-rows.js';

/** What is assumed of errors that go together. */
export interface CorrelationOptions {
  /** Distances up to which errors may be alike, px of the target; each is tried, and none. */
  readonly ranges: readonly number[];
  /** Variance that all points share over the variance of one: no residual shows it, so it has to be given. Default 0. */
  readonly common?: number | undefined;
}

/** How well a fit is known when the errors of its points go together. */
export interface CorrelatedErrors {
  /** The covariance of the parameters, row-major. */
  readonly parameterCovariance: Float64Array;
  /** Variance per axis of one point's error, px² of the target. */
  readonly pointVariance: number;
  /** Distance up to which errors are alike, px of the target: the likeliest; 0 where they are independent. */
  readonly range: number;
}

/** Shares of a point's variance that are its own, that are tried. */
const ownShares = [0, 0.2, 0.5];
/** Points from which the correlation is estimated, at most: the effort grows with their cube. */
const most = 256;
/** Correlations less likely than the best by this factor do not count. */
const negligible = 1e-3;

function evenly(indices: readonly number[], count: number): readonly number[] {
  if (indices.length <= count) return indices;
  return Array.from({ length: count }, (_, k) => indices[Math.floor(((k + 0.5) * indices.length) / count)]!);
}

/** Adds factor · g gᵀ. */
function addOuter(matrix: Float64Array, g: Float64Array, factor: number): void {
  for (let a = 0; a < g.length; a++) {
    for (let b = 0; b < g.length; b++) matrix[a * g.length + b]! += factor * g[a]! * g[b]!;
  }
}

/** Σ w X c over the points, for whitened coordinates c. */
function weightedSum({ count, size, rows, weights }: WhitenedRows, c: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(size);
  for (const axis of [0, 1] as const) {
    for (let i = 0; i < count; i++) {
      const w = weights[i]! * c[axis]![i]!;
      for (let a = 0; a < size; a++) sum[a]! += w * rows[axis][i * size + a]!;
    }
  }
  return sum;
}

/** Σ Σ wᵢ wⱼ Xᵢᵀ C(dᵢⱼ) Xⱼ: what the errors, of that covariance, add up to in the normal equations. */
function correlatedNoise(
  points: WhitenedRows,
  variance: number,
  covarianceAt: (distance: number) => number,
): Float64Array {
  const { count, size, rows, weights, positions } = points;
  const noise = new Float64Array(size * size);
  const towards = [new Float64Array(size), new Float64Array(size)] as const;
  for (let i = 0; i < count; i++) {
    for (const sum of towards) sum.fill(0);
    // Half of the point itself and all points before it: the other half is the transpose.
    for (let j = 0; j <= i; j++) {
      const [dx, dy] = [positions[2 * i]! - positions[2 * j]!, positions[2 * i + 1]! - positions[2 * j + 1]!];
      const covariance = i === j ? variance / 2 : covarianceAt(Math.sqrt(dx * dx + dy * dy));
      if (covariance === 0) continue;
      const factor = weights[i]! * weights[j]! * covariance;
      for (const axis of [0, 1] as const) {
        for (let b = 0; b < size; b++) towards[axis][b]! += factor * rows[axis][j * size + b]!;
      }
    }
    for (const axis of [0, 1] as const) {
      for (let a = 0; a < size; a++) {
        const x = rows[axis][i * size + a]!;
        for (let b = 0; b < size; b++) {
          const product = x * towards[axis][b]!;
          noise[a * size + b]! += product;
          noise[b * size + a]! += product;
        }
      }
    }
  }
  return noise;
}

function normalMatrix({ count, size, rows, weights }: WhitenedRows): Float64Array {
  const matrix = new Float64Array(size * size);
  for (const axis of [0, 1] as const) {
    for (let i = 0; i < count; i++) addOuter(matrix, rows[axis].subarray(i * size, (i + 1) * size), weights[i]!);
  }
  return matrix;
}

/**
 * The covariance of a fit's parameters when neighbouring points err alike. How far and how much they do is estimated from the
 * residuals by restricted likelihood (`fitCorrelation`), every range and share counting by its likelihood; the
 * estimate itself stays what it is and gets the sandwich covariance H⁻¹ M H⁻¹ that holds for any weights (Liang and Zeger 1986;
 * in space Conley 1999). With independent errors it is the usual covariance.
 *
 * @param points - with the covariances that the fit was weighted by; @param weights - of the fit, one a point
 * @returns null where the points do not determine it: too few, or a model with a penalty, whose covariance is a posterior one
 * @throws TiepointError `invalid-argument` where the points have no covariances
 */
export function correlatedErrors(
  points: Correspondences,
  fit: Fit,
  weights: Float64Array,
  { ranges, common = 0 }: CorrelationOptions,
): CorrelatedErrors | null {
  if (points.covariance === undefined) {
    throw new TiepointError('invalid-argument', 'Errors can be compared only where the points have covariances.', {
      hint: 'Give the covariances that the fit was weighted by.',
    });
  }
  if (fit.basis.penalty !== undefined) return null;
  const used = Array.from(weights.keys()).filter((i) => weights[i]! > 0);
  const sample = whitenRows(points, fit, weights, evenly(used, most));
  const distances = distancesOf(sample);
  const tried = ranges.flatMap((range) => ownShares.map((own) => ({ range, own })));
  const found = [{ range: 0, own: 1 }, ...tried]
    .map((correlation) => fitCorrelation(sample, distances, correlation))
    .filter((result): result is CorrelationFit => result !== null);
  const rows = whitenRows(points, fit, weights, used);
  const factor = factorCholesky(normalMatrix(rows), rows.size);
  const best = found.reduce<CorrelationFit | null>(
    (a, b) => (a === null || b.logLikelihood > a.logLikelihood ? b : a),
    null,
  );
  if (best === null || factor === null) return null;
  const likely = found
    .map((fitted) => ({ ...fitted, share: Math.exp(fitted.logLikelihood - best.logLikelihood) }))
    .filter(({ share }) => share >= negligible);
  const total = likely.reduce((sum, { share }) => sum + share, 0);
  const mean = (of: (correlation: ErrorCorrelation) => number): number =>
    likely.reduce((sum, { share, variance, correlation }) => sum + (share / total) * variance * of(correlation), 0);
  const variance = mean(() => 1);
  const noise = correlatedNoise(rows, variance, (d) => mean((correlation) => correlationAt(correlation, d)));
  const pointVariance = variance * rows.claimed;
  for (const shift of [rows.shiftX, rows.shiftY]) {
    addOuter(noise, weightedSum(rows, shift), common * pointVariance);
  }
  return {
    parameterCovariance: sandwich(invertCholesky(factor), noise, rows.size),
    pointVariance,
    range: best.correlation.range,
  };
}
