import { type Estimate, estimateTransform, type TransformModel } from '@tiepoint/geometry';
import { blocksOf, evidenceByBlocks, heldOutDistances } from './held-out-cost.js';
import type { ModelChoice } from './choice.js';
import { pointVariance } from './point-variance.js';

/** Models that bend, from few parameters to many. Splines are tried where a polynomial gives a hint, as they take longer. */
const polynomials: readonly TransformModel[] = ['polynomial2', 'polynomial3'];
const splines: readonly TransformModel[] = ['tps', 'bspline'];
/** Fewer tie points than this do not speak for curvature. */
const fewest = 40;
/** Standard errors by which a model must predict tie points better that it has not seen, to take the place of a stiffer one. */
const strongGain = 3;
/** The same for a hint. */
const hintOfGain = 1;
/** Variances beyond which a tie point counts as no farther off: wrong ones must not decide. */
const most = 16;
interface Candidate {
  readonly estimate: Estimate;
  /** See `heldOutDistances`. */
  readonly distances: Float64Array;
}

/**
 * The straight estimate, or one of a model that bends where that predicts tie points clearly better which took no part in the fit:
 * spatial folds, distances by the tie points' covariances, significance by blocks. Each model must beat the stiffer ones.
 */
export function bendWhereSupported(straight: Estimate, choice: ModelChoice): Estimate {
  const { points, threshold, seed, minScale, maxScale } = choice;
  if (straight.inlierCount < fewest) return straight;
  const blocks = blocksOf(points, choice.window);
  if (blocks === null) return straight;
  const judge = (estimate: Estimate | null): Candidate[] => {
    const distances = estimate && heldOutDistances(points, blocks, estimate);
    return distances ? [{ estimate, distances }] : [];
  };
  const attempt = (model: TransformModel): Candidate[] =>
    judge(estimateTransform(points, { model, threshold, seed, minScale, maxScale }));
  const gain = (from: Candidate, to: Candidate): number => {
    // One scale for both: that of the model which predicts better.
    const variance = pointVariance(points, [from.distances, to.distances]);
    const costs = ({ distances }: Candidate): Float64Array => distances.map((d) => Math.min(d / variance, most));
    return evidenceByBlocks(costs(from), costs(to), blocks);
  };
  const [stiff] = judge(straight);
  if (stiff === undefined) return straight;
  const bent = polynomials.flatMap(attempt);
  if (bent.some((candidate) => gain(stiff, candidate) > hintOfGain)) bent.push(...splines.flatMap(attempt));
  return bent.reduce((best, next) => (gain(best, next) > strongGain ? next : best), stiff).estimate;
}
