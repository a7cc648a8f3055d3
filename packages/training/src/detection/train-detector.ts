import {
  createEngine,
  detectionNetwork,
  type DetectionNetworkOptions,
  type DetectionParameters,
  encodeDetector,
  type Upsampling,
} from '@tiepoint/matching';
import { adamW, createRandom } from 'onnx-grad';
import { loadTrainingPairs, type PairSource } from '../data/training-pairs.js';
import { alignTrainingPairs } from '../run/aligned-training-pairs.js';
import { type RunOptions, runTraining } from '../run/training-run.js';
import type { SetWeights } from '../sampling/choose-pair.js';
import { borderOf } from './counted-ground.js';
import { type DetectionLossWeights, detectionProgram } from './program.js';
import { defaultWarp, type WarpRange } from './random-warp.js';
import { defaultGreyVariation, type GreyVariation } from './vary-greys.js';
import { drawDetectionValidation, validateDetector } from './validate-detector.js';
import type { WarpedPairSourceOptions } from './warped-pair-source.js';

/** A run of training of a detection network. */
export interface TrainDetectorOptions extends RunOptions {
  /** Manifests; both splits are read. */
  readonly manifests: Omit<PairSource, 'split'>;
  readonly network: DetectionNetworkOptions;
  /** Default `direct` for the light network, which knows no other, and `learned` for that of Table 1, which knows all but that. */
  readonly upsampling?: Upsampling;
  readonly scaleWeights?: readonly [number, number, number];
  readonly loss?: DetectionLossWeights;
  /** Where training starts; fresh parameters unless given. */
  readonly start?: DetectionParameters;
  /** Pairs in a batch, and the side of their crops, px. */
  readonly batch: number;
  readonly side: number;
  readonly weights?: SetWeights;
  readonly warp?: WarpRange;
  readonly greys?: GreyVariation;
}

/** Validation pairs of each set. */
const VALIDATION = 12;
/**
 * What stays of the moving average of the weights each step: fifty steps, not more, because the statistics that batch normalisation
 * stores are those of the weights' last ten steps, and do not fit an average of very different ones.
 */
const AVERAGE = 0.98;

/** Trains a detection network on aligned pairs and writes `detector.safetensors`; see {@link runTraining}. */
export async function trainDetector(options: TrainDetectorOptions): Promise<DetectionParameters> {
  const { manifests, out, seed, batch, side, scaleWeights, loss } = options;
  const border = borderOf(side);
  const upsampling = options.upsampling ?? (options.network.kind === 'light' ? 'direct' : 'learned');
  const alignments = await alignTrainingPairs(manifests, out, seed, options);
  const network = detectionNetwork(options.network);
  const head = { upsampling, ...(scaleWeights === undefined ? {} : { scaleWeights }) };
  const source: WarpedPairSourceOptions = {
    source: { ...manifests, split: 'train' },
    weights: options.weights ?? {},
    alignments,
    batch,
    side,
    border,
    warp: options.warp ?? defaultWarp,
    greys: options.greys ?? defaultGreyVariation,
  };
  const validation = drawDetectionValidation(await loadTrainingPairs({ ...manifests, split: 'val' }), VALIDATION);
  return await runTraining(
    {
      program: detectionProgram({
        network,
        parameters: options.start ?? network.create(createRandom(seed)),
        batch,
        side,
        border,
        optimizer: adamW({ weightDecay: 0.01 }),
        average: AVERAGE,
        ...head,
        ...(loss === undefined ? {} : { loss }),
      }),
      source: { module: new URL('./warped-pair-source.js', import.meta.url), options: source },
      validate: async (parameters, step) => {
        await using engine = createEngine({ threads: options.threads ?? 2 });
        return await validateDetector(engine, { name: `step ${step}`, network, parameters, ...head }, validation);
      },
      encode: (parameters, provenance) => encodeDetector({ parameters, ...head }, options.network, provenance),
      file: 'detector.safetensors',
    },
    options,
  );
}
