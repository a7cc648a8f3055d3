// Written by `npm run fit-confidence` (bench/src/trust/confidence/fit-confidence.ts), from 148 registrations of training pairs.

/** Log odds of an answer that is right: a constant, and how much a unit of each feature adds. */
export const confidenceModel = {
  constant: -3.008,
  weights: {
    strength: 1.961,
    rival: -6.954,
    motion: -6.558,
    jump: -0.603,
    oneSided: -3.183,
    uncovered: -7.055,
    fewAgreeing: -1.48,
    standsWithMarks: -1.151,
    pattern: -0.033,
    scatter: -6.1,
  },
} as const;
