import { mean } from '@tiepoint/geometry';
import type { SharedGround } from '../inputs/shared-ground.js';
import type { FittedModel } from '../model/fit-tie-points.js';
import { falseAlarmsOf, type PassResult } from '../search/match-pass.js';
import { decadesOfContrast } from '../search/network-contrast.js';
import { decadesOfSupport } from '../search/view-support.js';

/** How windows agree, and what the network thinks of it: counts and ratios, no lengths. */
export interface WindowAgreement {
  /** See `logFalseAlarms`: of the pass in which the geometry was found, of the next, and of the last. */
  readonly logFalseAlarms: readonly [number, number, number];
  /** Windows tried in the last pass, matched, and agreeing with the transform. */
  readonly tried: number;
  readonly matched: number;
  readonly inliers: number;
  /** Mean normalised correlation and distinctness of the inliers of the last pass. */
  readonly score: number;
  readonly distinctness: number;
  /** By how many standard errors patches are more alike at the geometry than beside it (`contrastWithAside`); absent where that was not asked. */
  readonly contrast?: number | undefined;
  /** How plainly keypoints prefer the view that the geometry came from (`viewSupport`); absent where they were not asked, or it moved away from there. */
  readonly support?: number | undefined;
}

/** The agreement of the windows of a search's coarse pass and of the passes to full resolution, with the model fitted to the last ones. */
export function agreementOf(
  coarse: PassResult,
  passes: readonly PassResult[],
  { estimate }: FittedModel,
  ground: SharedGround,
): WindowAgreement {
  const { matches, pass } = passes.at(-1)!;
  const inlying = (values: Float64Array): number => mean(values.filter((_, i) => estimate.inliers[i] === 1));
  return {
    logFalseAlarms: [
      coarse.logFalseAlarms,
      passes[0]!.logFalseAlarms,
      // Of the model that was asked for, which may fit worse than the affine one the passes went by.
      falseAlarmsOf(ground, pass, matches, estimate, Math.ceil(estimate.fit.effectiveParameters / 2)),
    ],
    tried: matches.tried,
    matched: matches.count,
    inliers: estimate.inlierCount,
    score: inlying(matches.score),
    distinctness: inlying(matches.distinctness),
  };
}

/** Decades beyond which more agreement says nothing new. */
const mostDecades = { found: 40, last: 60 };
/** Distinctness of true peaks lies above this, that of chance ones below; each hundredth is worth four decades. */
const distinctness = { typical: 0.03, weight: 400 };

/**
 * How strongly an agreement speaks against chance, in decades: the false alarms of the pass that found the geometry and of the
 * last, by how much the peaks stand out from the next best, whether the network finds the patches more alike there than beside, and
 * whether keypoints prefer this view to all others.
 */
export function strengthOf(agreement: WindowAgreement): number {
  const [found, , last] = agreement.logFalseAlarms;
  return (
    Math.min(-found, mostDecades.found) +
    Math.min(-last, mostDecades.last) +
    distinctness.weight * (agreement.distinctness - distinctness.typical) +
    decadesOfContrast(agreement.contrast ?? 0) +
    decadesOfSupport(agreement.support ?? 0)
  );
}
