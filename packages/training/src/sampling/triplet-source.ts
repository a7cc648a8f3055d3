import type { BatchSource } from 'onnx-grad/node';
import type { Random } from 'onnx-grad';
import { applyAlignments, type StoredAlignment } from '../alignment/stored-alignments.js';
import { loadTrainingPairs, type PairSource } from '../data/training-pairs.js';
import { createPairChooser, type SetWeights } from './choose-pair.js';
import { drawTriplets, type TripletOptions } from './triplets.js';

/** What a worker that draws triplets is started with. */
export interface TripletSourceOptions extends TripletOptions {
  readonly source: PairSource;
  readonly weights: SetWeights;
  readonly alignments: readonly StoredAlignment[];
  /** Triplets in a batch. */
  readonly batch: number;
}

/** Draws triplets in a worker thread; the default export of a module for `workerBatches`. */
export default async function tripletSource(options: unknown): Promise<BatchSource> {
  // Made by this package's own trainer and cloned unchanged.
  const { source, weights, alignments, batch, ...triplets } = options as TripletSourceOptions;
  const pairs = applyAlignments(await loadTrainingPairs(source), alignments);
  const chooser = createPairChooser(pairs, weights);
  return { batch: (_index: number, random: Random) => drawTriplets(chooser, batch, random, triplets) };
}
