import type { Accuracy, Evidence } from '../evidence/evidence.js';
import { decadesOfContrast } from '../search/network-contrast.js';
import { strengthOf } from '../refine/window-agreement.js';
import { confidenceOf } from './confidence.js';
import { type Finding, finding } from './finding.js';
import type { VerdictLimits } from './limits.js';

/** Looks at one thing of a registration. Lengths are px of the reference's file. */
export type Rule = (evidence: Evidence, accuracy: Accuracy, limits: VerdictLimits) => Finding | null;

/** Images of unrelated places reach little strength, right answers much. */
const chance: Rule = (evidence, _accuracy, { strength: { refuse: limit } }) => {
  const strength = strengthOf(evidence);
  return strength < limit ? finding('chance', 'refuse', { strength, limit }) : null;
};

/** What no single rule objects to may still be wrong too often. */
const doubt: Rule = (evidence, accuracy, { confidence: { refuse: least, accept: limit }, strength: limits }) => {
  const confidence = confidenceOf(evidence, accuracy);
  const strength = strengthOf(evidence);
  if (confidence < least && strength < limits.sure) return finding('unlikely', 'refuse', { confidence, limit: least });
  return confidence < limit && strength >= limits.refuse ? finding('doubtful', 'warn', { confidence, limit }) : null;
};

/** A scene that repeats itself fits at another place as well, and nothing tells which is right. */
const repetition: Rule = ({ rival }, _accuracy, { rivalShare }) => {
  if (!rival || rival.share < rivalShare.warn || (rival.contrast ?? 1) < rivalShare.contrast) return null;
  const { dx, dy, share } = rival;
  const values = { distance: Math.hypot(dx, dy), dx, dy, share };
  return share >= rivalShare.refuse ? finding('repeats', 'refuse', values) : finding('nearly-repeats', 'warn', values);
};

/** Marks that both files carry agree wherever the ground lies; an answer that stands still with them may be theirs all the same. */
const commonMarks: Rule = (evidence, _accuracy, { standstill }) => {
  const { marks } = evidence;
  if (marks === undefined) return null;
  const { share, moved, ground } = marks;
  const weak = ground === undefined ? strengthOf(evidence) < standstill.strength : ground < standstill.ground;
  return moved < standstill.moved && weak
    ? finding('stands-with-marks', 'warn', { share, moved })
    : finding('common-marks', 'info', { share: marks.share });
};

/** Tie points that took no part in a fit show what the model does not follow: not by how much they scatter, but by being off together. */
const stiffModel: Rule = ({ pattern }, _accuracy, { pattern: limit }) =>
  pattern && pattern.deviation > limit ? finding('stiff-model', 'warn', { ...pattern, limit }) : null;

/** What agrees pixel on pixel, where the ground does not lie so, is in the files and not on the ground. */
const marksLeft: Rule = ({ samePixels = 0 }, _accuracy, { samePixels: limit }) =>
  samePixels >= limit ? finding('marks-left', 'warn', { significance: samePixels }) : null;

/** All that agree may agree with one part of the ground, while another moved otherwise. */
const twoMotions: Rule = ({ motion, split }, _accuracy, { motion: limits }) => {
  const isSeen = motion && motion.significance >= limits.significance;
  const jumps = split && split.matchedJump >= limits.jump && (split.gain ?? Infinity) >= limits.gain;
  const other = isSeen ? motion : jumps ? split : null;
  if (other === null || other === undefined) return null;
  const { x, y, dx, dy, share } = other;
  return finding('two-motions', 'warn', { x, y, dx, dy, share });
};

/** What agrees on one side says nothing of the other. */
const oneSided: Rule = ({ coverage }, _accuracy, { coverage: limits }) => {
  if (coverage === undefined) return null;
  const { least, share } = coverage;
  if (least.agreeing < limits.half && least.opposite > limits.other) return finding('one-sided', 'warn', least);
  return share < limits.share ? finding('little-covered', 'warn', { share }) : finding('coverage', 'info', { share });
};

const agreement: Rule = ({ inliers, tried }) => finding('agreement', 'info', { inliers, tried });

const residuals: Rule = (_evidence, { rmse }) => finding('residuals', 'info', { rmse });

/** What is weaker says so with a refusal. */
const strength: Rule = (evidence, _accuracy, limits) => {
  const decades = strengthOf(evidence);
  return decades >= limits.strength.refuse ? finding('strength', 'info', { strength: decades }) : null;
};

const networkContrast: Rule = ({ contrast = 0 }) =>
  decadesOfContrast(contrast) > 0 ? finding('network-contrast', 'info', { significance: contrast }) : null;

/** What is looked at, in the order in which findings are told. */
export const rules: readonly Rule[] = [
  chance,
  repetition,
  commonMarks,
  marksLeft,
  twoMotions,
  stiffModel,
  oneSided,
  doubt,
  agreement,
  residuals,
  strength,
  networkContrast,
];
