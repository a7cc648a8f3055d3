import { createEngine } from '@tiepoint/matching';
import { mixSeeds } from 'onnx-grad';
import { openMeasures } from './methods.js';
import { drawPatchPairs, loadSets } from './patch-pairs.js';
import { type SetScores, type SimilarityRow, similarityRows } from './rows.js';

/** What the command line hands over. */
export interface SimilarityBenchOptions {
  readonly data?: string;
  readonly split?: string;
  /** Pairs of the same place in each set, and as many of other ground; 1000 unless named. */
  readonly limit?: number;
  readonly methods?: readonly string[];
  /** Folder of weights trained with `train-rivals`. */
  readonly weights?: string;
  readonly json: boolean;
}

const seed = 2000;

/** Scores the same patch pairs of each set with every measure (Uss 2020, table 1). */
export async function runSimilarityBench(options: SimilarityBenchOptions): Promise<readonly SimilarityRow[]> {
  const { data = '../shared/data', limit = 1000, methods, weights } = options;
  await using engine = createEngine({ threads: 2 });
  const measures = await openMeasures(methods, { engine, ...(weights === undefined ? {} : { weights }) });
  const sets = await loadSets(data, options.split === 'train' ? 'train' : 'val');
  const scores: SetScores[] = [];
  for (const [index, [set, pairs]] of [...sets].entries()) {
    if (pairs.length === 0) continue;
    const { positives, shifted, negatives } = drawPatchPairs(pairs, limit, mixSeeds(seed, index));
    for (const measure of measures) {
      const begun = performance.now();
      scores.push({
        method: measure.name,
        set,
        positives: await measure.score(positives, limit),
        shifted: await measure.score(shifted, limit),
        negatives: await measure.score(negatives, limit),
      });
      const rate = (3000 * limit) / (performance.now() - begun);
      if (!options.json) console.error(`${set} ${measure.name}: ${rate.toFixed(0)} pairs/s`);
    }
  }
  // Rows go by method, and a set's scores were made method by method.
  const byMethod = measures.flatMap(({ name }) => scores.filter(({ method }) => method === name));
  return similarityRows(byMethod, seed);
}
