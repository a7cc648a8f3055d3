import { type Estimate, estimateTransform, normalisedDistance, type TransformModel } from '@tiepoint/geometry';
import { bendWhereSupported } from './curved-model.js';
import type { ModelChoice } from './choice.js';
import { pointVariance } from './point-variance.js';

/** Straight models tried where none is asked for: from few parameters to many. */
const candidates: readonly { readonly model: TransformModel; readonly parameters: number }[] = [
  { model: 'similarity', parameters: 4 },
  { model: 'affine', parameters: 6 },
  { model: 'projective', parameters: 8 },
];

/** What images of one scene differ by where nothing speaks for another model. */
const usual: TransformModel = 'affine';
/**
 * Difference of the criterion from which a model takes the usual one's place: twice what counts as very strong evidence (Kass and
 * Raftery 1995), as errors of neighbouring windows are alike, which the criterion does not know. Of 72 validation pairs
 * of infrared, s1s2 and metre-sar 45 are right to a pixel, and 43 where distances in px counted up to the threshold.
 */
const strongEvidence = 20;
/** Variances beyond which a tie point counts as no farther off: wrong ones must not decide. */
const most = 9;

/**
 * The Bayesian information criterion of a model for errors of the given variance.
 * @param distances - squared, by the tie points' covariances; all tie points', so that leaving some out does not pay
 */
function informationCriterion(
  distances: Float64Array,
  parameters: number,
  variance: number,
  independence: number,
): number {
  const cost = distances.reduce((sum, d) => sum + Math.min(d / variance, most), 0);
  return cost * independence + parameters * Math.log(Math.max(2 * distances.length * independence, 2));
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
  const distances = found.map(({ result }) =>
    result.residuals.map((_, i) => normalisedDistance(result.fit.residuals, points.covariance, i)),
  );
  const variance = pointVariance(points, distances);
  const scored = found.map(({ result, parameters }, k) => ({
    result,
    value:
      informationCriterion(distances[k]!, parameters, variance, choice.independence) -
      (result.model === usual ? strongEvidence : 0),
  }));
  const straight = scored.reduce<(typeof scored)[number] | null>(
    (a, b) => (a === null || b.value < a.value ? b : a),
    null,
  );
  return straight && bendWhereSupported(straight.result, choice);
}
