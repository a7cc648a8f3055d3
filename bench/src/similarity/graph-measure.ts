import type { Engine } from '@tiepoint/matching';
import { buildModel, input, type Tensor } from 'onnx-grad';
import { patchArea, patchSide, type SimilarityMeasure } from './measure.js';

/** Pairs that go through a graph together. */
const batchSize = 100;

/** The two patches of each pair: `[n, 2, 32, 32]` seen as `[2n, 1, 32, 32]`, partners side by side. */
export const singlePatches = [2 * batchSize, 1, patchSide, patchSide] as const;

/**
 * A measure that is a graph.
 *
 * @param key - names the graph in the engine
 * @param build - from pairs `[batch, 2, 32, 32]` to similarities `[batch]`
 */
export function graphMeasure(
  engine: Engine,
  name: string,
  key: string,
  build: (pairs: Tensor) => Tensor,
): SimilarityMeasure {
  const model = () => buildModel({ outputs: { score: build(input('pairs', [batchSize, 2, patchSide, patchSide])) } });
  return {
    name,
    async score(pairs, n) {
      const all = new Float32Array(n);
      const chunk = new Float32Array(batchSize * 2 * patchArea);
      for (let start = 0; start < n; start += batchSize) {
        const count = Math.min(batchSize, n - start);
        // The graph's size is fixed: what is left of the last batch is whatever was there before.
        chunk.set(pairs.subarray(start * 2 * patchArea, (start + count) * 2 * patchArea));
        const { score } = await engine.run(`similarity ${key}`, model, { pairs: chunk });
        all.set(score.subarray(0, count), start);
      }
      return all;
    },
  };
}
