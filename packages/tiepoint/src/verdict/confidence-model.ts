// Written by `npm run fit-confidence` (bench/src/trust/confidence/fit-confidence.ts), from 148 registrations of training pairs.

/** Log odds of an answer that is right: a constant, and how much a unit of each feature adds. */
export const confidenceModel = {
  constant: -3.004,
  weights: {
    strength: 1.957,
    rival: -6.929,
    motion: -6.542,
    jump: -0.601,
    oneSided: -3.175,
    uncovered: -7.048,
    fewAgreeing: -1.482,
    standsWithMarks: -1.221,
    pattern: -0.034,
    scatter: -6.07,
  },
} as const;
