import type { Accuracy, Evidence } from '../evidence/evidence.js';
import { strengthOf } from '../refine/window-agreement.js';
import { confidenceModel } from './confidence-model.js';

type Feature = (evidence: Evidence, accuracy: Accuracy) => number;

/** 0 up to `from`, 1 from `to` on, and evenly between. */
const ramp = (value: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)));

/**
 * What confidence goes by. Strength counts up to what right answers usually have; the rest are objections, 0 for what right answers
 * show and 1 for what they do not.
 */
export const confidenceFeatures = {
  strength: (evidence) => 4 * ramp(strengthOf(evidence), 0, 40),
  rival: ({ rival }) => ramp(rival?.share ?? 0, 0.7, 0.9) * ramp(rival?.contrast ?? 1, 0.4, 0.6),
  motion: ({ motion }) => ramp(motion?.significance ?? 0, 0.5, 1.2),
  jump: ({ split }) => (split ? ramp(split.matchedJump, 4, 5.2) * ramp(split.gain ?? Infinity, 10, 15) : 0),
  /** Halves of right answers differ by up to two, as one holds water or fields; of a half that moved otherwise little agrees. */
  oneSided: ({ coverage }) => {
    if (coverage === undefined) return 0;
    const { agreeing, opposite } = coverage.least;
    return ramp(opposite, 0.6, 0.75) * (1 - ramp(agreeing / Math.max(opposite, 0.01), 0.3, 0.5));
  },
  uncovered: ({ coverage }) => ramp(1 - (coverage?.share ?? 1), 0.05, 0.3),
  fewAgreeing: ({ inliers, tried }) => 1 - ramp(inliers / Math.max(tried, 1), 0.35, 0.6),
  /**
   * The ground beside marks agrees by 3.5 deviations at most where it is another. Where they leave none to ask, they held wrong answers
   * of 86 decades.
   */
  standsWithMarks: ({ marks, ...evidence }) =>
    marks !== undefined && marks.moved < 3
      ? 1 - (marks.ground === undefined ? ramp(strengthOf(evidence), 90, 110) : ramp(marks.ground, 3.5, 4.5))
      : 0,
  pattern: ({ pattern }) => ramp(pattern?.deviation ?? 0, 0.9, 1.2),
  /** Tie points of a coarser sensed image scatter by its pixels. */
  scatter: ({ sensedSide = 1 }, { checkRmse }) => ramp(checkRmse / Math.max(1, sensedSide), 2.8, 3.1),
} as const satisfies Readonly<Record<string, Feature>>;

/** The name of a feature. */
export type ConfidenceFeature = keyof typeof confidenceFeatures;

/** Log odds of an answer that is right: a constant, and how much a unit of each feature adds. */
export interface ConfidenceModel {
  readonly constant: number;
  readonly weights: Readonly<Record<ConfidenceFeature, number>>;
}

/** Nothing is ever quite sure: what a model of some hundred pairs can know. */
const surest = 0.999;

/**
 * The probability that the median error of a registration over its ground is below 3 px: logistic regression on what was measured,
 * fitted on training pairs and calibrated on validation pairs, see dev-docs/verdict.md.
 */
export function confidenceOf(evidence: Evidence, accuracy: Accuracy, model: ConfidenceModel = confidenceModel): number {
  let odds = model.constant;
  for (const [name, feature] of Object.entries(confidenceFeatures)) {
    odds += model.weights[name as ConfidenceFeature] * feature(evidence, accuracy);
  }
  return Math.min(surest, 1 / (1 + Math.exp(-odds)));
}
