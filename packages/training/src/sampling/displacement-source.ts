import type { Random } from 'onnx-grad';
import type { BatchSource } from 'onnx-grad/node';
import { applyAlignments, type StoredAlignment } from '../alignment/stored-alignments.js';
import { loadTrainingPairs, type PairSource } from '../data/training-pairs.js';
import { createPairChooser, type SetWeights } from './choose-pair.js';
import { type DisplacementOptions, drawDisplacements } from './displacements.js';

/** What a worker that draws fields of displacements is started with. */
export interface DisplacementSourceOptions extends DisplacementOptions {
  readonly source: PairSource;
  readonly weights: SetWeights;
  readonly alignments: readonly StoredAlignment[];
  /** Templates in a batch. */
  readonly batch: number;
}

/** Draws fields of displacements in a worker thread; the default export of a module for `workerBatches`. */
export default async function displacementSource(options: unknown): Promise<BatchSource> {
  // Made by the trainer and cloned unchanged.
  const { source, weights, alignments, batch, ...fields } = options as DisplacementSourceOptions;
  const chooser = createPairChooser(applyAlignments(await loadTrainingPairs(source), alignments), weights);
  return { batch: (_index: number, random: Random) => drawDisplacements(chooser, batch, random, fields) };
}
