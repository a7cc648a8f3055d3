/** ln Γ(x) for x > 0 (Lanczos 1964), good to 1e-10. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const z = x - 1;
  let sum = 0.99999999999980993;
  for (const [i, c] of coefficients.entries()) sum += c / (z + i + 1);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

function logBinomial(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** What was matched, for {@link logFalseAlarms}. */
export interface Agreement {
  /** Distance of each match from the model, px. */
  readonly residuals: ArrayLike<number>;
  /** Windows tried, matched or not. */
  readonly tried: number;
  /** Area in which each match was sought, px². */
  readonly searchArea: number;
  /** Pairs that determine the model: 3 for an affine one. */
  readonly sample: number;
  /** Independent windows per window tried, 0 to 1: windows that overlap err together. */
  readonly independence: number;
  /** Residual beyond which nothing counts, px. */
  readonly threshold: number;
}

/**
 * log10 of the expected number of models that random matches would support as well: the number of false alarms of an a-contrario
 * test (Moisan and Stival 2004). Under the background model each match falls anywhere in its search area with equal chance; of
 * all subsets of matches within a distance t of the model the most surprising counts. Below 0 means less than one such model is
 * expected by chance.
 */
export function logFalseAlarms(agreement: Agreement): number {
  const { tried, searchArea, sample, independence, threshold } = agreement;
  const residuals = Float64Array.from(agreement.residuals).toSorted();
  const n = tried * independence;
  let best = 0;
  for (let i = sample; i < residuals.length; i++) {
    const t = Math.max(residuals[i]!, 0.5);
    if (t > threshold) break;
    const k = (i + 1) * independence;
    if (k <= sample || k > n) continue;
    const p = Math.min(1, (Math.PI * t * t) / searchArea);
    const value =
      Math.log(Math.max(n - sample, 1)) + logBinomial(n, k) + logBinomial(k, sample) + (k - sample) * Math.log(p);
    best = Math.min(best, value);
  }
  return best / Math.LN10;
}
