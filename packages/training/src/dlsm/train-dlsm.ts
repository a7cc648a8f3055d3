import { join } from 'node:path';
import { createEngine, type Dlsm, encodeDlsm, type PatchNetwork } from '@tiepoint/matching';
import { adamW, createRandom, type ParameterTree } from 'onnx-grad';
import { writeAtomically } from 'onnx-grad/node';
import { alignPairs } from '../alignment/align-pairs.js';
import { applyAlignments } from '../alignment/stored-alignments.js';
import { loadTrainingPairs, type PairSource, type TrainingPair } from '../data/training-pairs.js';
import { alignTrainingPairs } from '../run/aligned-training-pairs.js';
import { settingsOfData } from '../run/settings.js';
import { provenanceOf, type RunOptions, runTraining, type Validation } from '../run/training-run.js';
import { type Augmentation, defaultAugmentation } from '../sampling/augment.js';
import type { SetWeights } from '../sampling/choose-pair.js';
import type { TripletSourceOptions } from '../sampling/triplet-source.js';
import { calibrateDlsm } from '../validation/calibrate-dlsm.js';
import {
  drawValidationSets,
  validateDlsm,
  type ValidationRow,
  type ValidationSet,
} from '../validation/validate-dlsm.js';
import { dlsmParameters, dlsmProgram, type dlsmLosses } from './program.js';

/** A run of training of DLSM. */
export interface TrainDlsmOptions extends RunOptions {
  /** Manifests; both splits are read. */
  readonly manifests: Omit<PairSource, 'split'>;
  readonly network: PatchNetwork;
  readonly loss: keyof typeof dlsmLosses;
  /** Where training starts; fresh parameters unless given. */
  readonly start?: ParameterTree | undefined;
  /** Triplets in a batch. */
  readonly batch: number;
  readonly weights?: SetWeights | undefined;
  readonly augmentation?: Augmentation | undefined;
}

/** A validation under way in training. */
export interface ValidationRecord {
  readonly step: number;
  readonly rows: readonly ValidationRow[];
}

/** What each set of the validation places counts as. */
const mergedSets = { aerial: 'bands' } as const;
/** Triplets of each set. */
const validationTriplets = 512;
/** What stays of the moving average of the weights each step. */
const average = 0.998;
const weightDecay = 0.01;

async function validate(
  options: TrainDlsmOptions,
  parameters: ParameterTree,
  step: number,
  sets: readonly ValidationSet[],
): Promise<Validation> {
  const { network } = options;
  // A name of its own for each step: engines keep a session for each name.
  const name = `${network.name} ${step}`;
  const dlsm: Dlsm = { name, network, parameters, temperature: 1, provenance: provenanceOf(options, step) };
  await using engine = createEngine({ threads: options.threads });
  const rows = await validateDlsm(engine, dlsm, sets);
  return {
    record: { rows },
    words: `AUC ${rows.map(({ set, auc }) => `${set} ${(100 * auc).toFixed(1)}`).join(', ')}`,
  };
}

/**
 * Trains DLSM on aligned pairs and writes `dlsm.safetensors`, and in the end `calibration.json`, and the weights with their
 * temperature; see {@link runTraining}.
 *
 * @returns the weights in the end
 * @throws TiepointError as the manifests' readers and {@link runTraining} do, and `no-training-pairs`
 */
export async function trainDlsm(options: TrainDlsmOptions): Promise<ParameterTree> {
  const { manifests, network, loss, seed, batch, weights = {}, augmentation = defaultAugmentation } = options;
  const alignments = await alignTrainingPairs(manifests, options);
  const validationPairs = await loadTrainingPairs({ ...manifests, split: 'val' });
  const sets = drawValidationSets(validationPairs, validationTriplets, mergedSets);
  const triplets = { weights, batch, augmentation, shifts: [1.5, 2.5] } as const;
  const parameters = await runTraining(
    {
      program: dlsmProgram({
        network,
        parameters: options.start ?? dlsmParameters(network, createRandom(seed)),
        loss,
        batch,
        optimizer: adamW({ weightDecay }),
        average,
      }),
      source: {
        module: new URL('../sampling/triplet-source.js', import.meta.url),
        options: { ...triplets, source: { ...manifests, split: 'train' }, alignments } satisfies TripletSourceOptions,
      },
      settings: {
        network: network.name,
        loss,
        average,
        weightDecay,
        ...triplets,
        data: await settingsOfData(manifests, alignments),
      },
      validate: (p, step) => validate(options, p, step, sets),
      encode: (p, provenance) => encodeDlsm(p, { network: network.name, temperature: 1, provenance }),
      file: 'dlsm.safetensors',
    },
    options,
  );
  await calibrate(options, parameters, validationPairs);
  return parameters;
}

/** Fits the temperature of the finished weights on the validation places and stores both. */
async function calibrate(
  options: TrainDlsmOptions,
  parameters: ParameterTree,
  pairs: readonly TrainingPair[],
): Promise<void> {
  const { network, out, steps, seed, threads, onMessage } = options;
  onMessage?.('calibrating');
  const provenance = provenanceOf(options, steps);
  const dlsm: Dlsm = { name: `${network.name} calibration`, network, parameters, temperature: 1, provenance };
  await using engine = createEngine({ threads });
  const alignments = await alignPairs(pairs, join(out, 'validation-alignments.jsonl'), seed, { model: 'affine' });
  const { temperature, rows } = await calibrateDlsm(engine, dlsm, applyAlignments(pairs, alignments));
  await writeAtomically(join(out, 'calibration.json'), new TextEncoder().encode(JSON.stringify(rows, null, 1)));
  const file = encodeDlsm(parameters, { network: network.name, temperature, provenance });
  await writeAtomically(join(out, 'dlsm.safetensors'), file);
  onMessage?.(`predicted covariances are right times ${temperature.toFixed(2)}`);
}
