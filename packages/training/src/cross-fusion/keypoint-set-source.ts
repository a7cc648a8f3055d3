import type { Random } from 'onnx-grad';
import type { BatchSource } from 'onnx-grad/node';
import { applyAlignments, type StoredAlignment } from '../alignment/stored-alignments.js';
import { loadTrainingPairs, type PairSource } from '../data/training-pairs.js';
import { createPairChooser, type SetWeights } from '../sampling/choose-pair.js';
import { drawKeypointSets, type KeypointSetOptions } from './keypoint-sets.js';

/** What a worker that draws keypoint sets is started with. */
export interface KeypointSetSourceOptions extends KeypointSetOptions {
  readonly source: PairSource;
  readonly weights: SetWeights;
  readonly alignments: readonly StoredAlignment[];
  /** Pairs of sets in a batch. */
  readonly batch: number;
}

/** Draws keypoint sets in a worker thread; the default export of a module for `workerBatches`. */
export default async function keypointSetSource(options: unknown): Promise<BatchSource> {
  // Made by this package's own trainer and cloned unchanged.
  const { source, weights, alignments, batch, ...sets } = options as KeypointSetSourceOptions;
  const chooser = createPairChooser(applyAlignments(await loadTrainingPairs(source), alignments), weights);
  return { batch: (_index: number, random: Random) => drawKeypointSets(chooser, batch, random, sets) };
}
