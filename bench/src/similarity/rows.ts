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
  /** `mean` is over the sets, each with equal weight; `general` of the pairs of all sets ranked together, as in the paper. */
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

interface ResampledRow {
  readonly row: SimilarityRow;
  /** Areas of the bootstrap's rounds, percent. */
  readonly areas: Float64Array;
}

function rowOf({ method, set, positives, shifted, negatives }: SetScores, seed: number): ResampledRow {
  const ranking = rank(positives, negatives);
  const areas = resampledAreas(positives, negatives, roundCount, seed).map((area) => 100 * area);
  const [aucLow, aucHigh] = middleInterval(areas, confidenceLevel);
  const row = {
    method,
    set,
    n: positives.length + negatives.length,
    auc: 100 * areaUnderCurve(ranking),
    aucLow,
    aucHigh,
    fpr95: 100 * falsePositiveRateAt(rocCurve(ranking), 0.95),
    aucShifted: 100 * areaUnderCurve(rank(shifted, negatives)),
  };
  return { row, areas };
}

function meanRow(method: string, rows: readonly ResampledRow[]): SimilarityRow {
  const means = Float64Array.from({ length: roundCount }, (_, i) => meanOf(rows.map(({ areas }) => areas[i]!)));
  const [aucLow, aucHigh] = middleInterval(means, confidenceLevel);
  const mean = (value: (row: SimilarityRow) => number): number => meanOf(rows.map(({ row }) => value(row)));
  return {
    method,
    set: 'mean',
    n: rows.reduce((sum, { row }) => sum + row.n, 0),
    auc: mean((row) => row.auc),
    aucLow,
    aucHigh,
    fpr95: mean((row) => row.fpr95),
    aucShifted: mean((row) => row.aucShifted),
  };
}

/**
 * The scores of all sets as one: a measure whose scores mean something else in each set, so that no one threshold serves all, ranks
 * them worse than each by itself.
 */
function pooled(method: string, sets: readonly SetScores[]): SetScores {
  const together = (of: (scores: SetScores) => Float32Array): Float32Array =>
    Float32Array.from(sets.flatMap((each) => Array.from(of(each))));
  return {
    method,
    set: 'general',
    positives: together((each) => each.positives),
    shifted: together((each) => each.shifted),
    negatives: together((each) => each.negatives),
  };
}

/** A row for each set, their mean and all together, of each method in the order met. */
export function similarityRows(scores: readonly SetScores[], seed: number): readonly SimilarityRow[] {
  return [...new Set(scores.map(({ method }) => method))].flatMap((method) => {
    const sets = scores.filter((each) => each.method === method);
    const rows = sets.map((each) => rowOf(each, seed));
    return [...rows.map(({ row }) => row), meanRow(method, rows), rowOf(pooled(method, sets), seed).row];
  });
}
