import type { RivalPlace } from './rival-place.js';
import type { Accuracy, Verdict } from './types.js';

/** What the verdict rests on. */
export interface Evidence {
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
  readonly contrast?: number;
  /** The best other place; null where there is none, absent where none was sought. */
  readonly rival?: RivalPlace | null;
}

/** A verdict and its reasons in words. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

/** Strength below which a registration is refused, and from which it is accepted; see dev-docs/verdict.md for how often each errs. */
const strengthLimits = { refuse: 17, accept: 35 } as const;

/** Decades beyond which more agreement says nothing new. */
const mostDecades = { found: 40, last: 60 };
/** Distinctness of true peaks lies above this, that of chance ones below; each hundredth is worth four decades. */
const distinctness = { typical: 0.03, weight: 400 };
/** Geometries found between unrelated images reach this contrast; each standard error beyond is worth so many decades, up to a limit. */
const contrast = { chance: 5, weight: 6, most: 24 };

/** What a contrast is worth, decades. */
export function decadesOfContrast(significance: number): number {
  return Math.min(contrast.weight * Math.max(0, significance - contrast.chance), contrast.most);
}

/**
 * How strongly the evidence speaks against chance, in decades: the false alarms of the pass that found the geometry and of the
 * last, by how much the peaks stand out from the next best, and whether the network finds the patches more alike there than beside.
 */
export function strengthOf(evidence: Evidence): number {
  const [found, , last] = evidence.logFalseAlarms;
  return (
    Math.min(-found, mostDecades.found) +
    Math.min(-last, mostDecades.last) +
    distinctness.weight * (evidence.distinctness - distinctness.typical) +
    decadesOfContrast(evidence.contrast ?? 0)
  );
}

/** Share of the joint correlation at another place from which the answer may be that place as well, and from which there is a doubt. */
const rivalLimits = { refuse: 0.85, warn: 0.7 } as const;

/** Held-out error beyond which an accepted registration gets a warning, px of the reference. */
const poorAccuracy = 2.5;

/** Whether the agreement by itself does not suffice, so that it is worth asking for more evidence. */
export function isWeak(evidence: Evidence): boolean {
  return strengthOf(evidence) < strengthLimits.accept;
}

/** Whether the agreement by itself may be chance. */
export function mayBeChance(evidence: Evidence): boolean {
  return strengthOf(evidence) < strengthLimits.refuse;
}

/** Accepts, warns or refuses, and says why. */
export function judge(evidence: Evidence, accuracy: Accuracy): Judgement {
  const strength = strengthOf(evidence);
  const agreement = `${evidence.inliers} of ${evidence.tried} windows agree with one geometry, to ${accuracy.rmse.toFixed(2)} px`;
  const against = `strength of the evidence against chance: ${strength.toFixed(0)} decades`;
  if (mayBeChance(evidence)) {
    return {
      verdict: 'refuse',
      reasons: [
        `the agreement may be chance: images of unrelated places reach it too (${against}, ${strengthLimits.refuse} are needed)`,
        agreement,
      ],
    };
  }
  const { rival } = evidence;
  const elsewhere = rival
    ? `another position, ${Math.hypot(rival.dx, rival.dy).toFixed(0)} px away, fits ${(100 * rival.share).toFixed(0)} % as well`
    : '';
  if (rival && rival.share >= rivalLimits.refuse) {
    return {
      verdict: 'refuse',
      reasons: [`the scene repeats itself: ${elsewhere}, and nothing tells which is right`, agreement],
    };
  }
  const doubts: string[] = [];
  if (rival && rival.share >= rivalLimits.warn) doubts.push(`the scene nearly repeats itself: ${elsewhere}`);
  if (strength < strengthLimits.accept) {
    doubts.push(`the agreement is weak: few unrelated images reach it, but some do (${against})`);
  }
  if (accuracy.checkRmse > poorAccuracy) {
    doubts.push(
      `held-out tie points are off by ${accuracy.checkRmse.toFixed(1)} px: the model may be too stiff for the scene`,
    );
  }
  const { contrast: found = 0 } = evidence;
  const network =
    decadesOfContrast(found) > 0
      ? [`the network finds the images more alike there than beside, by ${found.toFixed(1)} standard errors`]
      : [];
  if (doubts.length > 0) return { verdict: 'warn', reasons: [...doubts, agreement, ...network] };
  return { verdict: 'accept', reasons: [agreement, against, ...network] };
}
