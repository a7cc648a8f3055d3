/**
 * The area under the ROC curve: the probability that a positive scores above a negative, ties counting half (Fawcett 2006).
 *
 * @returns 0 to 1; NaN where either list is empty
 */
export function areaUnderCurve(positives: ArrayLike<number>, negatives: ArrayLike<number>): number {
  const scores = [
    ...Array.from(positives, (score) => ({ score, positive: true })),
    ...Array.from(negatives, (score) => ({ score, positive: false })),
  ].toSorted((a, b) => a.score - b.score);
  let ranks = 0;
  for (let i = 0; i < scores.length;) {
    let end = i;
    while (end < scores.length && scores[end]!.score === scores[i]!.score) end++;
    // Ties share the mean of the ranks they take up, which count from 1.
    const rank = (i + 1 + end) / 2;
    for (let k = i; k < end; k++) if (scores[k]!.positive) ranks += rank;
    i = end;
  }
  const [p, n] = [positives.length, negatives.length];
  return (ranks - (p * (p + 1)) / 2) / (p * n);
}
