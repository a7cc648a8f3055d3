import {
  crossFusionNetwork,
  type CrossFusionOptions,
  type CrossFusionParameters,
  encodeMatcher,
} from '@tiepoint/matching';
import { adamW, createRandom } from 'onnx-grad';
import { loadTrainingPairs, type PairSource } from '../data/training-pairs.js';
import { alignTrainingPairs } from '../run/aligned-training-pairs.js';
import { settingsOfData } from '../run/settings.js';
import { type RunOptions, runTraining } from '../run/training-run.js';
import type { SetWeights } from '../sampling/choose-pair.js';
import type { KeypointSetSourceOptions } from './keypoint-set-source.js';
import { shareValidation } from '../validation/share-validation.js';
import { defaultKeypointSets, type KeypointSetOptions } from './keypoint-sets.js';
import { crossFusionProgram } from './program.js';
import { drawMatchingValidation, validateMatcher } from './validate-matcher.js';

/** A run of training of a cross-fusion network. */
export interface TrainMatcherOptions extends RunOptions {
  /** Manifests; both splits are read. */
  readonly manifests: Omit<PairSource, 'split'>;
  readonly network: CrossFusionOptions;
  /** Where training starts; fresh parameters unless given. */
  readonly start?: CrossFusionParameters | undefined;
  /** Pairs of sets in a batch. */
  readonly batch: number;
  readonly weights?: SetWeights | undefined;
  /** What differs from {@link defaultKeypointSets}. */
  readonly sets?: Partial<Omit<KeypointSetOptions, 'patch'>> | undefined;
}

/** What stays of the moving average of the weights each step; short, as statistics of batch normalisation must fit it. */
const average = 0.98;
const weightDecay = 0.01;

/** Trains a cross-fusion network on aligned pairs and writes `matcher.safetensors`; see {@link runTraining}. */
export async function trainMatcher(options: TrainMatcherOptions): Promise<CrossFusionParameters> {
  const { manifests, seed, batch, weights = {} } = options;
  const alignments = await alignTrainingPairs(manifests, options);
  const network = crossFusionNetwork(options.network);
  const sets: KeypointSetOptions = { ...defaultKeypointSets, ...options.sets, patch: network.patch };
  const source: KeypointSetSourceOptions = {
    ...sets,
    source: { ...manifests, split: 'train' },
    weights,
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
        optimizer: adamW({ weightDecay }),
        average,
      }),
      source: { module: new URL('./keypoint-set-source.js', import.meta.url), options: source },
      settings: {
        network: network.name,
        average,
        weightDecay,
        batch,
        weights,
        sets,
        data: await settingsOfData(manifests, alignments),
      },
      validate: async (parameters) =>
        shareValidation(await validateMatcher(network, parameters, validation, options.threads ?? 2)),
      encode: (parameters, provenance) => encodeMatcher(parameters, options.network, provenance),
      file: 'matcher.safetensors',
    },
    options,
  );
}
