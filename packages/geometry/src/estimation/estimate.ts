import type { Correspondences } from '../points/correspondences.js';
import { type EstimateOptions, type ResolvedEstimateOptions, resolveEstimateOptions } from './estimate-options.js';
import { type Fit, fitTransform, type Smoothing, type SolvedTransform, solveTransform } from './fit.js';
import { marginalQuality, marginalWeight, thresholdInSigmas } from './marginal-score.js';
import { isPlausible } from './plausible.js';
import { residualMetric, squaredRatios } from './residual-metric.js';
import { searchMatrix } from './ransac.js';
import { isMatrixTransform, minimalCount, modelOf, type Transform, type TransformModel } from '../models/transform.js';

/** A transform estimated from pairs of which many may be wrong. */
export interface Estimate {
  readonly model: TransformModel;
  /** From source to target coordinates. */
  readonly transform: Transform;
  /** 1 for each pair that agrees with the transform. */
  readonly inliers: Uint8Array;
  readonly inlierCount: number;
  /** The sum of the pairs' support, each between 0 (at the threshold or beyond) and 1 (residual 0). */
  readonly score: number;
  /** The length of target − predicted of each pair, px of the target. */
  readonly residuals: Float64Array;
  /** The covariance of the parameters of `fit`, row-major. */
  readonly parameterCovariance: Float64Array;
  /** The least-squares weight of each pair in `fit`, 0 to 1. */
  readonly weights: Float64Array;
  /** The final weighted fit, from which `predictCovariance` propagates the error to any point. */
  readonly fit: Fit;
  /** Samples drawn. */
  readonly iterations: number;
}

/** A fit, and each pair's squared residual by it over the squared threshold. */
interface Reweighted {
  readonly fit: SolvedTransform;
  readonly ratios: Float64Array;
}

/** Near which the smoothing of the next fit is to be looked for: that of one of the same model. */
function near(fit: SolvedTransform): Smoothing | undefined {
  return fit.basis.penalty === undefined ? undefined : { near: fit.smoothing };
}

/** Iteratively reweighted least squares from the weights a transform gives, until they settle. */
function reweight(
  points: Correspondences,
  model: TransformModel,
  start: Float64Array,
  threshold: number,
  rounds: number,
  smoothing: Smoothing | undefined,
): Reweighted | null {
  const metric = residualMetric(points, threshold);
  let ratios = start;
  let result: Reweighted | null = null;
  let before = -1;
  for (let round = 0; round < rounds; round++) {
    // The smoothing is chosen in the first round only: it costs more than the fit, and the weights change little after that.
    const fit: SolvedTransform | null = solveTransform(
      points,
      model,
      ratios.map(marginalWeight),
      result?.fit.smoothing ?? smoothing,
    );
    if (fit === null) return result;
    ratios = squaredRatios(fit.residuals, metric);
    result = { fit, ratios };
    const score = ratios.reduce((sum, ratio) => sum + marginalQuality(ratio), 0);
    if (Math.abs(score - before) < 1e-9 * Math.max(1, score)) break;
    before = score;
  }
  return result;
}

/**
 * Weights for the last fits: 1 for pairs well inside the noise that the inliers show, falling to 0 at three of its deviations or at
 * the threshold, whichever comes first. MAGSAC++'s own weights allow for noise of any smaller scale and so favour the
 * smallest residuals; once the scale is known that wastes a third of the accuracy.
 */
function polishingWeights(ratios: Float64Array): Float64Array {
  const inside = ratios.filter((ratio) => ratio < 1).toSorted();
  // The median of a squared distance in two dimensions is 2 ln 2 variances.
  const variance = (inside[inside.length >> 1] ?? 1) / (2 * Math.LN2);
  const cut = Math.min(1, 1.2 * thresholdInSigmas ** 2 * variance);
  if (!(cut > 1e-18)) return ratios.map((ratio) => (ratio < 1 ? 1 : 0));
  return ratios.map((ratio) => Math.min(1, Math.max(0, 2 - (2 * ratio) / cut)));
}

/** Gives every pair the covariance of the inliers' own residuals, where none were given. */
function withNoise(points: Correspondences, fit: SolvedTransform, ratios: Float64Array): Correspondences {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < ratios.length; i++) {
    if (ratios[i]! >= 1) continue;
    count++;
    sum += fit.residuals[2 * i]! ** 2 + fit.residuals[2 * i + 1]! ** 2;
  }
  const redundancy = 2 * count - fit.basis.parameterCount;
  const variance = redundancy > 0 ? sum / redundancy : Number.NaN;
  // An exact fit has no noise to measure; a floor keeps its information finite.
  if (!Number.isFinite(variance)) return points;
  const covariance = new Float64Array(3 * ratios.length);
  for (let i = 0; i < ratios.length; i++) {
    covariance[3 * i] = covariance[3 * i + 2] = Math.max(variance, 1e-12);
  }
  return { ...points, covariance };
}

/** From affine inliers at a wide threshold to a richer model at the real one, order by order. */
function refineStages(
  points: Correspondences,
  model: TransformModel,
  start: Float64Array,
  threshold: number,
): Reweighted | null {
  const { widen, via } = modelOf(model).estimation;
  // A model of the list: the table of models cannot say so of itself.
  const between = (via ?? model) as TransformModel;
  const halfway = (threshold * (1 + widen)) / 2;
  const stages: readonly (readonly [TransformModel, number])[] =
    widen === 1
      ? [[model, threshold]]
      : [
          [between, threshold * widen],
          [between, halfway],
          ...(between === model ? [] : [[model, halfway] as const]),
          [model, threshold * 1.5],
          [model, threshold],
        ];
  let ratios = start;
  let current: Reweighted | null = null;
  for (const [stage, width] of stages) {
    if (current !== null) ratios = squaredRatios(current.fit.residuals, residualMetric(points, width));
    const known = current?.fit.model === stage ? near(current.fit) : undefined;
    const next: Reweighted | null = reweight(points, stage, ratios, width, modelOf(stage).estimation.rounds, known);
    if (next === null) return null;
    current = next;
  }
  return current;
}

function finish(
  points: Correspondences,
  fit: SolvedTransform,
  ratios: Float64Array,
  options: ResolvedEstimateOptions,
  iterations: number,
): Estimate | null {
  const metric = residualMetric(points, options.threshold);
  let current = fit;
  let weights = polishingWeights(ratios);
  for (let round = 0; round < 8; round++) {
    const next = solveTransform(points, options.model, weights, fit.basis.penalty && fit.smoothing);
    if (next === null) break;
    current = next;
    const after = polishingWeights(squaredRatios(next.residuals, metric));
    const change = after.reduce((most, weight, i) => Math.max(most, Math.abs(weight - weights[i]!)), 0);
    weights = after;
    if (change < 1e-4) break;
  }
  const known =
    points.covariance === undefined ? withNoise(points, current, squaredRatios(current.residuals, metric)) : points;
  const last = fitTransform(known, options.model, weights, near(current));
  if (last === null || !isPlausible(last.transform, points, options)) return null;
  const finalRatios = squaredRatios(last.residuals, metric);
  const inliers = Uint8Array.from(finalRatios, (ratio) => (ratio < 1 ? 1 : 0));
  const inlierCount = inliers.reduce((sum, inlier) => sum + inlier, 0);
  if (inlierCount < minimalCount(options.model)) return null;
  const residuals = new Float64Array(inliers.length);
  for (let i = 0; i < residuals.length; i++) {
    residuals[i] = Math.hypot(last.residuals[2 * i]!, last.residuals[2 * i + 1]!);
  }
  return {
    model: options.model,
    transform: last.transform,
    inliers,
    inlierCount,
    score: finalRatios.reduce((sum, ratio) => sum + marginalQuality(ratio), 0),
    residuals,
    parameterCovariance: last.parameterCovariance,
    weights,
    fit: last,
    iterations,
  };
}

/**
 * Estimates a transform from pairs of which many may be wrong: locally optimised RANSAC (Chum et al. 2003) with MAGSAC++'s
 * marginalised score and weights (Barath et al. 2020), then iteratively reweighted least squares with the pairs' covariances.
 * Polynomials and splines start from an affine estimate at a wider threshold. Deterministic for a seed.
 * Null where no plausible transform has enough support: what the data do not determine is not guessed.
 */
export function estimateTransform(points: Correspondences, options: EstimateOptions): Estimate | null {
  const resolved = resolveEstimateOptions(options);
  if (points.source.length / 2 < minimalCount(options.model)) return null;
  const { coarse, widen } = modelOf(options.model).estimation;
  const found = searchMatrix(points, coarse, options.threshold * widen, resolved);
  if (found === null || !isMatrixTransform(found.transform)) return null;
  const refined = refineStages(points, options.model, found.ratios, options.threshold);
  return refined === null ? null : finish(points, refined.fit, refined.ratios, resolved, found.iterations);
}
