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
import { settingsOfData } from '../run/settings.js';
import { type RunOptions, runTraining } from '../run/training-run.js';
import type { SetWeights } from '../sampling/choose-pair.js';
import { borderOf } from './counted-ground.js';
import { shareValidation } from '../validation/share-validation.js';
import { defaultDetectionLoss, type DetectionLossWeights, usesConsensus } from './loss-weights.js';
import { detectionProgram } from './program.js';
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
  readonly upsampling?: Upsampling | undefined;
  readonly scaleWeights?: readonly [number, number, number] | undefined;
  readonly loss?: DetectionLossWeights | undefined;
  /** Where training starts; fresh parameters unless given. */
  readonly start?: DetectionParameters | undefined;
  /** Pairs in a batch, and the side of their crops, px. */
  readonly batch: number;
  readonly side: number;
  readonly weights?: SetWeights | undefined;
  readonly warp?: WarpRange | undefined;
  readonly greys?: GreyVariation | undefined;
}

/** Validation pairs of each set. */
const validationPairs = 12;
/**
 * What stays of the moving average of the weights each step: fifty steps, not more, because the statistics that batch normalisation
 * stores are those of the weights' last ten steps, and do not fit an average of very different ones.
 */
const average = 0.98;
const weightDecay = 0.01;

/** Trains a detection network on aligned pairs and writes `detector.safetensors`; see {@link runTraining}. */
export async function trainDetector(options: TrainDetectorOptions): Promise<DetectionParameters> {
  const { manifests, seed, batch, side, scaleWeights, loss = defaultDetectionLoss } = options;
  const { weights = {}, warp = defaultWarp, greys = defaultGreyVariation } = options;
  const upsampling = options.upsampling ?? (options.network.kind === 'light' ? 'direct' : 'learned');
  const network = detectionNetwork(options.network);
  const border = borderOf(side, network.margin);
  // Said before the pairs are aligned, which may take long.
  if (border < network.margin) {
    options.onMessage?.(
      `crops of ${side} px are small for ${network.name}: it sees ${network.margin} px and their borders with it, and may learn these; --side ${4 * network.margin} keeps them apart`,
    );
  }
  const alignments = await alignTrainingPairs(manifests, options);
  const crops = { weights, batch, side, border, warp, greys };
  const head = { upsampling, scaleWeights };
  const source: WarpedPairSourceOptions = {
    source: { ...manifests, split: 'train' },
    alignments,
    annealed: usesConsensus(loss),
    ...crops,
  };
  const validation = drawDetectionValidation(await loadTrainingPairs({ ...manifests, split: 'val' }), validationPairs);
  return await runTraining(
    {
      program: detectionProgram({
        network,
        parameters: options.start ?? network.create(createRandom(seed)),
        batch,
        side,
        border,
        optimizer: adamW({ weightDecay }),
        average,
        ...head,
        loss,
      }),
      source: { module: new URL('./warped-pair-source.js', import.meta.url), options: source },
      settings: {
        network: network.name,
        ...head,
        loss,
        average,
        weightDecay,
        ...crops,
        data: await settingsOfData(manifests, alignments),
      },
      validate: async (parameters, step) => {
        await using engine = createEngine({ threads: options.threads });
        const detector = { name: `step ${step}`, network, parameters, ...head };
        return shareValidation(await validateDetector(engine, detector, validation));
      },
      encode: (parameters, provenance) => encodeDetector({ parameters, ...head }, options.network, provenance),
      file: 'detector.safetensors',
    },
    options,
  );
}
