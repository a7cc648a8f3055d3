/** How often a value drawn from one list ranks above one drawn from another. */
export interface Ranking {
  /** All values in rising order, equal ones in one group: how many of each list a group holds, positives then negatives. */
  readonly groups: readonly (readonly [positives: number, negatives: number])[];
  readonly positives: number;
  readonly negatives: number;
}

/** Sorts scores of positives and negatives together; NaN ranks lowest. */
export function rank(positives: Float32Array, negatives: Float32Array): Ranking {
  const order = sortedTogether(positives, negatives);
  const groups: [number, number][] = [];
  let last: number | undefined;
  for (const { score, positive } of order) {
    if (score !== last) groups.push([0, 0]);
    last = score;
    groups.at(-1)![positive ? 0 : 1]++;
  }
  return { groups, positives: positives.length, negatives: negatives.length };
}

/** A score with the list it is from and its place there. */
export interface LabelledScore {
  readonly score: number;
  readonly positive: boolean;
  readonly index: number;
}

/** All scores in rising order; NaN counts as −∞. */
export function sortedTogether(positives: Float32Array, negatives: Float32Array): readonly LabelledScore[] {
  const label = (scores: Float32Array, positive: boolean): LabelledScore[] =>
    Array.from(scores, (score, index) => ({ score: Number.isNaN(score) ? -Infinity : score, positive, index }));
  const all = [...label(positives, true), ...label(negatives, false)];
  return all.toSorted((a, b) => (a.score < b.score ? -1 : a.score > b.score ? 1 : 0));
}

/**
 * Area under the receiver operating characteristic: the chance that a positive scores above a negative, ties counting half
 * (Mann–Whitney's U over the number of pairs; Fawcett 2006, §7).
 *
 * @returns 0 to 1
 */
export function areaUnderCurve({ groups, positives, negatives }: Ranking): number {
  let below = 0;
  let wins = 0;
  for (const [p, n] of groups) {
    wins += p * (below + n / 2);
    below += n;
  }
  return wins / (positives * negatives);
}
