import type { Random } from 'onnx-grad';
import type { BatchSource } from 'onnx-grad/node';
import { applyAlignments, type StoredAlignment } from '../alignment/stored-alignments.js';
import { loadTrainingPairs, type PairSource } from '../data/training-pairs.js';
import { createPairChooser, type SetWeights } from '../sampling/choose-pair.js';
import { cornerShare } from './consensus.js';
import { drawWarpedPairs, type WarpedPairOptions } from './warped-pairs.js';

/** What a worker that draws warped pairs is started with. */
export interface WarpedPairSourceOptions extends WarpedPairOptions {
  readonly source: PairSource;
  readonly weights: SetWeights;
  readonly alignments: readonly StoredAlignment[];
  /** Pairs in a batch. */
  readonly batch: number;
  /** Whether batches have a `cornerShare`, as losses with a consensus want. */
  readonly annealed?: boolean | undefined;
}

/** Draws warped pairs in a worker thread; the default export of a module for `workerBatches`. */
export default async function warpedPairSource(options: unknown): Promise<BatchSource> {
  // Made by this package's own trainer and cloned unchanged.
  const { source, weights, alignments, batch, annealed = false, ...pairs } = options as WarpedPairSourceOptions;
  const chooser = createPairChooser(applyAlignments(await loadTrainingPairs(source), alignments), weights);
  return {
    batch(index: number, random: Random) {
      const drawn = drawWarpedPairs(chooser, batch, random, pairs);
      return annealed ? { ...drawn, cornerShare: Float32Array.of(cornerShare(index)) } : drawn;
    },
  };
}
