import type { Validation } from '../run/training-run.js';

/** A validation whose figures are a share for each set, 0 to 1. */
export function shareValidation(shares: Readonly<Record<string, number>>): Validation {
  const shown = Object.entries(shares).map(([set, share]) => `${set} ${share.toFixed(3)}`);
  return {
    record: shares,
    words: shown.length > 0 ? shown.join(', ') : 'no pair of the split val that is large enough',
  };
}
