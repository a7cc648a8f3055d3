import { type Estimate, estimateTransform, normalisedDistance, type TransformModel } from '@tiepoint/geometry';
import { bendWhereSupported } from './curved-model.js';
import type { ModelChoice } from './choice.js';
import { pointVariance } from './point-variance.js';

/**
 * Difference of the criterion from which a model of fewer or of more parameters takes the usual one's place: as much as counts as very
 * strong evidence (Kass and Raftery 1995), and twice that, as errors of neighbouring windows are alike, which the criterion does not
 * know, and a freer model bends to them. Of 72 validation pairs of infrared, s1s2 and metre-sar 45 are right to a pixel; 43 where
 * both were 10 and distances counted in px up to the threshold.
 */
const strongEvidence = { fewer: 10, more: 20 } as const;

/** Straight models tried where none is asked for, from few parameters to many, and what speaks against each beforehand. */
const candidates: readonly {
  readonly model: TransformModel;
  readonly parameters: number;
  readonly handicap: number;
}[] = [
  { model: 'similarity', parameters: 4, handicap: strongEvidence.fewer },
  // What images of one scene differ by where nothing speaks for another model.
  { model: 'affine', parameters: 6, handicap: 0 },
  { model: 'projective', parameters: 8, handicap: strongEvidence.more },
];

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
  const found = candidates.flatMap(({ model: name, parameters, handicap }) => {
    const result = estimate(name);
    return result === null ? [] : [{ result, parameters, handicap }];
  });
  const distances = found.map(({ result }) =>
    result.residuals.map((_, i) => normalisedDistance(result.fit.residuals, points.covariance, i)),
  );
  const variance = pointVariance(points, distances);
  const scored = found.map(({ result, parameters, handicap }, k) => ({
    result,
    value: informationCriterion(distances[k]!, parameters, variance, choice.independence) + handicap,
  }));
  const straight = scored.reduce<(typeof scored)[number] | null>(
    (a, b) => (a === null || b.value < a.value ? b : a),
    null,
  );
  return straight && bendWhereSupported(straight.result, choice);
}
