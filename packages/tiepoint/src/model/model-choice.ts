import { type Estimate, estimateTransform, median, type TransformModel } from '@tiepoint/geometry';
import { bendWhereSupported } from './curved-model.js';
import type { ModelChoice } from './choice.js';

/** Straight models tried where none is asked for: from few parameters to many. */
const candidates: readonly { readonly model: TransformModel; readonly parameters: number }[] = [
  { model: 'similarity', parameters: 4 },
  { model: 'affine', parameters: 6 },
  { model: 'projective', parameters: 8 },
];

/** What images of one scene differ by where nothing speaks for another model. */
const usual: TransformModel = 'affine';
/**
 * Difference of the criterion from which a model is strongly preferred (Kass and Raftery 1995). Errors of neighbouring windows are
 * alike, which the criterion does not know: without this margin it left the affine model for a similarity or a projective map on
 * every other Sentinel pair and was right to a pixel on 50 % of them instead of 63 %.
 */
const strongEvidence = 10;

/**
 * The Bayesian information criterion of an estimate, for errors of the given variance per axis. Residuals count at most the
 * threshold, so that leaving pairs out does not pay.
 */
function informationCriterion(estimate: Estimate, parameters: number, variance: number, choice: ModelChoice): number {
  let cost = 0;
  for (const r of estimate.residuals) cost += Math.min(r * r, choice.threshold ** 2);
  const n = estimate.residuals.length * choice.independence;
  return (cost * choice.independence) / variance + parameters * Math.log(Math.max(2 * n, 2));
}

/**
 * Least variance per axis, px²: errors of a twentieth of a px and less come from the peaks' interpolation. Neighbours share them,
 * and a freer model bends to them without being closer to the truth.
 */
const leastVariance = 0.05 ** 2;

/** Variance per axis from the median residual. */
function robustVariance(residuals: Float64Array): number {
  return Math.max((median(residuals) || 1) ** 2 / (2 * Math.LN2), leastVariance);
}

/**
 * Estimates the asked-for model; or the affine one unless the information criterion strongly prefers similarity or projective, and
 * one that bends where that predicts unseen tie points clearly better.
 */
export function estimateModel(model: TransformModel | 'auto', choice: ModelChoice): Estimate | null {
  const { points, threshold, seed, minScale, maxScale } = choice;
  const estimate = (name: TransformModel): Estimate | null =>
    estimateTransform(points, { model: name, threshold, seed, minScale, maxScale });
  if (model !== 'auto') return estimate(model);
  const found = candidates.flatMap(({ model: name, parameters }) => {
    const result = estimate(name);
    return result === null ? [] : [{ result, parameters }];
  });
  // One variance for all: that of the model which explains most.
  const variance = Math.min(...found.map(({ result }) => robustVariance(result.residuals)));
  const scored = found.map(({ result, parameters }) => ({
    result,
    value: informationCriterion(result, parameters, variance, choice) - (result.model === usual ? strongEvidence : 0),
  }));
  const straight = scored.reduce<(typeof scored)[number] | null>(
    (a, b) => (a === null || b.value < a.value ? b : a),
    null,
  );
  return straight && bendWhereSupported(straight.result, choice);
}
