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
}

/** A verdict and its reasons in words. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

/** Provisional. */
export function judge(evidence: Evidence, accuracy: Accuracy): Judgement {
  const strength = -Math.max(...evidence.logFalseAlarms.slice(1));
  const agreeing = `${evidence.inliers} of ${evidence.tried} windows agree to ${accuracy.rmse.toFixed(2)} px`;
  return strength > 20 ? { verdict: 'accept', reasons: [agreeing] } : { verdict: 'refuse', reasons: [agreeing] };
}
