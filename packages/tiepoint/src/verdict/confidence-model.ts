// Written by `npm run fit-confidence` (bench/src/trust/confidence/fit-confidence.ts), from 148 registrations of training pairs.

/** Log odds of an answer that is right: a constant, and how much a unit of each feature adds. */
export const confidenceModel = {
  constant: -3.125,
  weights: {
    strength: 1.973,
    rival: -6.862,
    motion: -6.069,
    jump: -0.993,
    oneSided: -4.14,
    uncovered: -7.091,
    fewAgreeing: -1.406,
    standsWithMarks: -1.741,
    pattern: -0.054,
    scatter: -6.63,
  },
} as const;
