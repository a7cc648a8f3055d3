import type { TrainingPair } from '@tiepoint/training';
import { searchFields } from '../localisation/localise-sets.js';
import { patchArea, type SimilarityMeasure } from '../measure.js';
import type { Figure } from './figure.js';

/** Places a profile is the mean of. */
const placeCount = 40;

/**
 * The mean similarity of true places against a horizontal shift (Uss 2020, figure 2, for one place), on the scale where unrelated
 * ground has 0 and the true place 1.
 *
 * @param unrelated - the mean score of unrelated ground by method
 */
export async function profileFigure(
  measures: readonly SimilarityMeasure[],
  pairs: readonly TrainingPair[],
  unrelated: ReadonlyMap<string, number>,
  seed: number,
): Promise<Figure> {
  const sums = measures.map((): number[] => []);
  let radius = 0;
  for (const fields of searchFields(pairs, placeCount, seed, 0)) {
    const { side, count } = fields;
    radius = (side - 1) / 2;
    const row = new Float32Array(count * side * 2 * patchArea);
    for (let i = 0; i < count; i++) {
      const from = (i * side * side + radius * side) * 2 * patchArea;
      row.set(fields.pairs.subarray(from, from + side * 2 * patchArea), i * side * 2 * patchArea);
    }
    for (const [m, measure] of measures.entries()) {
      for (const [i, score] of (await measure.score(row, count * side)).entries()) {
        sums[m]![i % side] = (sums[m]![i % side] ?? 0) + score / placeCount;
      }
    }
  }
  const series = measures.map(({ name }, m) => {
    const ground = unrelated.get(name) ?? 0;
    const top = sums[m]![radius]!;
    const points = sums[m]!.map((mean, i) => [i - radius, (mean - ground) / (top - ground)] as const);
    return { name, points };
  });
  return {
    name: 'figure-2-profiles',
    charts: [
      {
        title: `Similarity against shift, mean of ${placeCount} places`,
        x: { label: 'horizontal shift, px', domain: [-radius, radius] },
        y: { label: 'similarity (0 unrelated, 1 true place)', domain: [-0.2, 1.2] },
        series,
      },
    ],
  };
}
