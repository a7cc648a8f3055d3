/** Where verdicts begin; see dev-docs/verdict.md for how often each errs. */
export interface VerdictLimits {
  /** Strength below which a registration is refused, and from which it is accepted without a doubt, decades. */
  readonly strength: { readonly refuse: number; readonly accept: number };
  /** Share of the joint correlation at another place from which the answer may be that place as well, and from which there is a doubt. */
  readonly rivalShare: { readonly refuse: number; readonly warn: number };
  /** Where both files carry the same marks: motion below which an answer stands still with them, px, and by how many decades more it must be supported. */
  readonly standstill: { readonly moved: number; readonly margin: number };
  /** Held-out error from which there is a doubt, px of the reference. */
  readonly checkRmse: number;
}

/** The limits that verdicts go by unless others are named. */
export const verdictLimits: VerdictLimits = {
  strength: { refuse: 17, accept: 35 },
  rivalShare: { refuse: 0.85, warn: 0.7 },
  standstill: { moved: 3, margin: 25 },
  checkRmse: 2.5,
};
