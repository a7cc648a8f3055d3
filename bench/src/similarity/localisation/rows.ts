import { errorStatistics, type LocalisationError } from './errors.js';
import type { LocalisationResult } from './localise-sets.js';

/** How accurately a measure localises the templates it trusts most, px. */
export interface LocalisationRow {
  readonly method: string;
  readonly set: string;
  /** Share of the templates, the most similar ones by the measure itself. */
  readonly fraction: number;
  readonly n: number;
  readonly sd: number;
  readonly robustSd: number;
  /** 1 where the predicted covariance is right; null for measures that predict none. */
  readonly normalisedSd: number | null;
}

const bestFractions = [0.05, 0.35, 1] as const;

/** Errors with the most similar first. */
export function mostSimilarFirst(errors: readonly LocalisationError[]): readonly LocalisationError[] {
  return errors.toSorted((a, b) => b.score - a.score);
}

/** Rows by method, set and fraction. */
export function localisationRows(results: readonly LocalisationResult[]): readonly LocalisationRow[] {
  return results.flatMap(({ method, set, errors }) => {
    const sorted = mostSimilarFirst(errors);
    return bestFractions.flatMap((fraction) => {
      const best = sorted.slice(0, Math.max(1, Math.round(fraction * sorted.length)));
      const { sd, robustSd, normalisedSd } = errorStatistics(best);
      return [{ method, set, fraction, n: best.length, sd, robustSd, normalisedSd }];
    });
  });
}
