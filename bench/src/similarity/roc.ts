import type { Ranking } from './ranking.js';

/** A point of the receiver operating characteristic, shares of 1. */
export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** The characteristic from (0, 0) to (1, 1), one point for each distinct score, the highest first (Fawcett 2006, algorithm 1). */
export function rocCurve({ groups, positives, negatives }: Ranking): readonly RocPoint[] {
  const points: RocPoint[] = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  let [p, n] = [0, 0];
  for (const [more, others] of groups.toReversed()) {
    p += more;
    n += others;
    points.push({ falsePositiveRate: n / negatives, truePositiveRate: p / positives });
  }
  return points;
}

/** The least false positive rate at which at least a share `recall` of the positives is found. */
export function falsePositiveRateAt(curve: readonly RocPoint[], recall: number): number {
  // Shares are quotients of whole numbers: a rounding error must not ask for one positive more.
  const point = curve.find(({ truePositiveRate }) => truePositiveRate >= recall - 1e-9);
  return point?.falsePositiveRate ?? 1;
}
