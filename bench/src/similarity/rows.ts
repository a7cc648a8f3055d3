import { middleInterval, resampledAreas } from './bootstrap.js';
import { areaUnderCurve, rank } from './ranking.js';
import { falsePositiveRateAt, rocCurve } from './roc.js';

/** What a measure said of the patch pairs of a set. */
export interface SetScores {
  readonly method: string;
  readonly set: string;
  /** Pairs of the same place. */
  readonly positives: Float32Array;
  /** The same places, shifted at random by up to 2.5 px. */
  readonly shifted: Float32Array;
  /** Pairs of other ground. */
  readonly negatives: Float32Array;
}

/** How well a measure tells the same place from others; all but `n` in percent. */
export interface SimilarityRow {
  readonly method: string;
  /** `mean` is over the sets, each with equal weight. */
  readonly set: string;
  /** Patch pairs, half of them of the same place. */
  readonly n: number;
  /** Area under the receiver operating characteristic. */
  readonly auc: number;
  /** Bounds of its 95 % bootstrap interval. */
  readonly aucLow: number;
  readonly aucHigh: number;
  /** False positive rate where 95 % of the pairs of the same place are found. */
  readonly fpr95: number;
  /** The area where pairs of the same place are shifted by up to 2.5 px. */
  readonly aucShifted: number;
}

const roundCount = 1000;
const confidenceLevel = 0.95;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A row for each set, and their mean, of each method in the order met. */
export function similarityRows(scores: readonly SetScores[], seed: number): readonly SimilarityRow[] {
  const rows: SimilarityRow[] = [];
  for (const method of new Set(scores.map((each) => each.method))) {
    const resampled: Float64Array[] = [];
    const ofMethod: SimilarityRow[] = [];
    for (const { set, positives, shifted, negatives } of scores.filter((each) => each.method === method)) {
      const ranking = rank(positives, negatives);
      const areas = resampledAreas(positives, negatives, roundCount, seed).map((area) => 100 * area);
      const [aucLow, aucHigh] = middleInterval(areas, confidenceLevel);
      resampled.push(areas);
      ofMethod.push({
        method,
        set,
        n: positives.length + negatives.length,
        auc: 100 * areaUnderCurve(ranking),
        aucLow,
        aucHigh,
        fpr95: 100 * falsePositiveRateAt(rocCurve(ranking), 0.95),
        aucShifted: 100 * areaUnderCurve(rank(shifted, negatives)),
      });
    }
    const means = Float64Array.from({ length: roundCount }, (_, i) => meanOf(resampled.map((areas) => areas[i]!)));
    const [aucLow, aucHigh] = middleInterval(means, confidenceLevel);
    rows.push(...ofMethod, {
      method,
      set: 'mean',
      n: ofMethod.reduce((sum, row) => sum + row.n, 0),
      auc: meanOf(ofMethod.map((row) => row.auc)),
      aucLow,
      aucHigh,
      fpr95: meanOf(ofMethod.map((row) => row.fpr95)),
      aucShifted: meanOf(ofMethod.map((row) => row.aucShifted)),
    });
  }
  return rows;
}
