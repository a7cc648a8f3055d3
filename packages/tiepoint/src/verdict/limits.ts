/** Where verdicts begin; see dev-docs/verdict.md for how often each errs. */
export interface VerdictLimits {
  /** Strength below which a registration is refused, and from which no want of confidence refuses it: much agrees, if not all; decades. */
  readonly strength: { readonly refuse: number; readonly sure: number };
  /** Confidence below which a registration is refused, and from which it is accepted. */
  readonly confidence: { readonly refuse: number; readonly accept: number };
  /**
   * Share of the joint correlation at another place from which the answer may be that place as well, and from which there is a doubt;
   * and the share of the network's contrast below which detail tells that place from the answer.
   */
  readonly rivalShare: { readonly refuse: number; readonly warn: number; readonly contrast: number };
  /**
   * Where both files carry the same marks: motion below which an answer stands still with them, px, and what has it believed all the
   * same: the agreement of the ground beside them, deviations, or its strength where they leave no ground to ask, decades.
   */
  readonly standstill: { readonly moved: number; readonly strength: number; readonly ground: number };
  /** From how many deviations on detail that agrees at the same pixels, though the answer moves them, means marks that were not found. */
  readonly samePixels: number;
  /** What held-out residuals of neighbours share from which the model is too stiff, deviation per axis, px of the reference. */
  readonly pattern: number;
  /**
   * From which a part of the ground moved otherwise: deviations by which it fits better elsewhere; or the jump between two parts, px of
   * the planes that are matched, where two transforms explain the tie points better by as much as `gain`, natural logarithms.
   */
  readonly motion: { readonly significance: number; readonly jump: number; readonly gain: number };
  /** What of one half's windows agrees at least, where more than `other` of the opposite half's do; and the share of the ground that is near a tie point, at least. */
  readonly coverage: { readonly half: number; readonly other: number; readonly share: number };
}

/** The limits that verdicts go by unless others are named. */
export const verdictLimits: VerdictLimits = {
  strength: { refuse: 17, sure: 60 },
  confidence: { refuse: 0.02, accept: 0.98 },
  rivalShare: { refuse: 0.88, warn: 0.8, contrast: 0.5 },
  standstill: { moved: 3, strength: 100, ground: 4.5 },
  samePixels: 8,
  pattern: 1,
  motion: { significance: 1, jump: 4.6, gain: 13 },
  coverage: { half: 0.35, other: 0.7, share: 0.4 },
};
