import {
  crossFusionNetwork,
  type CrossFusionOptions,
  type CrossFusionParameters,
  encodeMatcher,
} from '@tiepoint/matching';
import { adamW, createRandom } from 'onnx-grad';
import { loadTrainingPairs, type PairSource } from '../data/training-pairs.js';
import { alignTrainingPairs } from '../run/aligned-training-pairs.js';
import { type RunOptions, runTraining } from '../run/training-run.js';
import type { SetWeights } from '../sampling/choose-pair.js';
import type { KeypointSetSourceOptions } from './keypoint-set-source.js';
import { defaultKeypointSets, type KeypointSetOptions } from './keypoint-sets.js';
import { crossFusionProgram } from './program.js';
import { drawMatchingValidation, validateMatcher } from './validate-matcher.js';

/** A run of training of a cross-fusion network. */
export interface TrainMatcherOptions extends RunOptions {
  /** Manifests; both splits are read. */
  readonly manifests: Omit<PairSource, 'split'>;
  readonly network: CrossFusionOptions;
  /** Where training starts; fresh parameters unless given. */
  readonly start?: CrossFusionParameters;
  /** Pairs of sets in a batch. */
  readonly batch: number;
  readonly weights?: SetWeights;
  /** What differs from {@link defaultKeypointSets}. */
  readonly sets?: Partial<Omit<KeypointSetOptions, 'patch'>>;
}

/** What stays of the moving average of the weights each step; short, as statistics of batch normalisation must fit it. */
const AVERAGE = 0.98;

/** Trains a cross-fusion network on aligned pairs and writes `matcher.safetensors`; see {@link runTraining}. */
export async function trainMatcher(options: TrainMatcherOptions): Promise<CrossFusionParameters> {
  const { manifests, out, seed, batch } = options;
  const alignments = await alignTrainingPairs(manifests, out, seed, options);
  const network = crossFusionNetwork(options.network);
  const sets: KeypointSetOptions = { ...defaultKeypointSets, ...options.sets, patch: network.patch };
  const source: KeypointSetSourceOptions = {
    ...sets,
    source: { ...manifests, split: 'train' },
    weights: options.weights ?? {},
    alignments,
    batch,
  };
  const validation = drawMatchingValidation(await loadTrainingPairs({ ...manifests, split: 'val' }), sets);
  return await runTraining(
    {
      program: crossFusionProgram({
        network,
        parameters: options.start ?? network.create(createRandom(seed)),
        batch,
        keypoints: sets.keypoints,
        optimizer: adamW({ weightDecay: 0.01 }),
        average: AVERAGE,
      }),
      source: { module: new URL('./keypoint-set-source.js', import.meta.url), options: source },
      validate: (parameters) => validateMatcher(network, parameters, validation, options.threads ?? 2),
      encode: (parameters, provenance) => encodeMatcher(parameters, options.network, provenance),
      file: 'matcher.safetensors',
    },
    options,
  );
}
