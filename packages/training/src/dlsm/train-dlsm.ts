import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { createEngine, type Dlsm, encodeDlsm, type PatchNetwork } from '@tiepoint/matching';
import {
  type ParameterTree,
  adamW,
  createRandom,
  createTrainer,
  oneCycleSchedule,
  train,
  type TrainingProgress,
} from 'onnx-grad';
import { jsonLines, loadCheckpoint, saveCheckpoint, workerBatches, writeAtomically } from 'onnx-grad/node';
import { alignPairs, summariseAlignments } from '../alignment/align-pairs.js';
import { applyAlignments } from '../alignment/stored-alignments.js';
import { loadTrainingPairs, type PairSource, type TrainingPair } from '../data/training-pairs.js';
import { type Augmentation, defaultAugmentation } from '../sampling/augment.js';
import type { SetWeights } from '../sampling/choose-pair.js';
import type { TripletBatch } from '../sampling/triplets.js';
import type { TripletSourceOptions } from '../sampling/triplet-source.js';
import { calibrateDlsm } from '../validation/calibrate-dlsm.js';
import { drawValidationSets, validateDlsm, type ValidationRow } from '../validation/validate-dlsm.js';
import { dlsmParameters, dlsmProgram, type dlsmLosses } from './program.js';

/** A run of training. */
export interface TrainDlsmOptions {
  /** Manifests; both splits are read. */
  readonly manifests: Omit<PairSource, 'split'>;
  /** Folder for weights, checkpoints and records; a run found there is resumed. */
  readonly out: string;
  readonly network: PatchNetwork;
  readonly loss: keyof typeof dlsmLosses;
  /** Where training starts; fresh parameters unless given. */
  readonly start?: ParameterTree;
  readonly steps: number;
  /** Triplets in a batch. */
  readonly batch: number;
  /** The highest learning rate of the cycle. */
  readonly learningRate: number;
  readonly seed: number;
  readonly weights?: SetWeights;
  readonly augmentation?: Augmentation;
  /** Steps between two validations. */
  readonly validateEvery: number;
  /** Said in the weights, for example commit and command. */
  readonly provenance: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly onMessage?: (text: string) => void;
}

/** A validation under way in training. */
export interface ValidationRecord {
  readonly step: number;
  readonly rows: readonly ValidationRow[];
}

/** What each set of the validation places counts as. */
const MERGED = { aerial: 'bands' } as const;
/** Triplets of each set. */
const VALIDATION = 512;
const CHECKPOINT_EVERY = 500;
/** What stays of the moving average of the weights each step. */
const AVERAGE = 0.998;

/**
 * Trains DLSM: aligns the pairs, then steps through triplets, with checkpoints and validation, and writes the averaged weights.
 *
 * In `out`: `alignments.jsonl`, `metrics.jsonl` (a line a step), `validation.jsonl`, `checkpoint.safetensors` and, at each
 * validation, `dlsm.safetensors`; in the end `calibration.json`, and the weights with their temperature.
 *
 * @returns the weights in the end
 * @throws TiepointError as the manifests' readers do, and `no-training-pairs`
 */
export async function trainDlsm(options: TrainDlsmOptions): Promise<ParameterTree> {
  const { out, network, steps, batch, seed, manifests, signal, onMessage } = options;
  const say = onMessage ?? (() => undefined);
  await mkdir(out, { recursive: true });
  say('reading pairs');
  const loaded = await loadTrainingPairs({ ...manifests, split: 'train' });
  say(`aligning ${loaded.length} pairs`);
  const alignments = await alignPairs(loaded, join(out, 'alignments.jsonl'), seed, {
    ...(signal ? { signal } : {}),
    onProgress: (done, all) => void (done % 20 === 0 && say(`aligned ${done} of ${all} pairs`)),
  });
  for (const { set, pairs, confirmed, before, after } of summariseAlignments(loaded, alignments)) {
    say(
      `${set}: ${confirmed} of ${pairs} pairs confirmed, median residual ${before.toFixed(2)} px before, ${after.toFixed(2)} after`,
    );
  }
  if (applyAlignments(loaded, alignments).length === 0) {
    throw new TiepointError('no-training-pairs', 'no pair of the split train could be used', {
      hint: 'pairs need "split": "train", and both images must show the same place within a few pixels',
      value: manifests.pairs,
    });
  }
  const program = dlsmProgram({
    network,
    parameters: options.start ?? dlsmParameters(network, createRandom(seed)),
    loss: options.loss,
    batch,
    optimizer: adamW({ weightDecay: 0.01 }),
    average: AVERAGE,
  });
  await using trainer = await createTrainer(program, { threads: options.threads ?? 2 });
  const checkpointPath = join(out, 'checkpoint.safetensors');
  const checkpoint = await loadCheckpoint(checkpointPath);
  if (checkpoint) {
    trainer.restore(checkpoint.state);
    say(`resumed at step ${checkpoint.state.step}`);
  }
  const validationPairs = await loadTrainingPairs({ ...manifests, split: 'val' });
  const validation = drawValidationSets(validationPairs, VALIDATION, MERGED);
  const metrics = jsonLines(join(out, 'metrics.jsonl'));
  const validations = jsonLines(join(out, 'validation.jsonl'));
  const validate = async (step: number): Promise<void> => {
    const parameters = trainer.averagedParameters();
    const provenance = provenanceOf(options.provenance, step, steps, seed);
    // A name of its own for each step: engines keep a session for each name.
    const dlsm: Dlsm = { name: `${network.name} ${step}`, network, parameters, temperature: 1, provenance };
    await using engine = createEngine({ threads: options.threads ?? 2 });
    const rows = await validateDlsm(engine, dlsm, validation);
    await validations({ step, rows } satisfies ValidationRecord);
    const texts = rows.map(({ set, auc }) => `${set} ${(100 * auc).toFixed(1)}`);
    say(`step ${step}: AUC ${texts.join(', ')}`);
    const file = encodeDlsm(parameters, { network: network.name, temperature: 1, provenance });
    await writeAtomically(join(out, 'dlsm.safetensors'), file);
  };
  const source: TripletSourceOptions = {
    source: { ...manifests, split: 'train' },
    weights: options.weights ?? {},
    alignments,
    batch,
    augmentation: options.augmentation ?? defaultAugmentation,
    shifts: [1.5, 2.5],
  };
  await train({
    trainer,
    steps,
    seed,
    schedule: oneCycleSchedule(options.learningRate, steps, { rise: 0.1 }),
    batches: (first) =>
      workerBatches<TripletBatch>({
        module: new URL('../sampling/triplet-source.js', import.meta.url),
        options: source,
        seed,
        first,
        ahead: 6,
      }),
    checkpoints: { every: CHECKPOINT_EVERY, save: (state) => saveCheckpoint(checkpointPath, state) },
    onRecord: async (record) => {
      await metrics(record);
      if (record.step % options.validateEvery === 0 || record.step === steps) await validate(record.step);
    },
    ...(signal ? { signal } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  });
  await calibrate(options, trainer.averagedParameters(), validationPairs);
  return trainer.averagedParameters();
}

/** Fits the temperature of the finished weights on the validation places and stores both. */
async function calibrate(
  { network, out, steps, seed, provenance: origin, threads = 2, onMessage }: TrainDlsmOptions,
  parameters: ParameterTree,
  pairs: readonly TrainingPair[],
): Promise<void> {
  onMessage?.('calibrating');
  const provenance = provenanceOf(origin, steps, steps, seed);
  const dlsm: Dlsm = { name: `${network.name} calibration`, network, parameters, temperature: 1, provenance };
  await using engine = createEngine({ threads });
  const alignments = await alignPairs(pairs, join(out, 'validation-alignments.jsonl'), seed, { model: 'affine' });
  const { temperature, rows } = await calibrateDlsm(engine, dlsm, applyAlignments(pairs, alignments));
  await writeAtomically(join(out, 'calibration.json'), new TextEncoder().encode(JSON.stringify(rows, null, 1)));
  const file = encodeDlsm(parameters, { network: network.name, temperature, provenance });
  await writeAtomically(join(out, 'dlsm.safetensors'), file);
  onMessage?.(`predicted covariances are right times ${temperature.toFixed(2)}`);
}

function provenanceOf(origin: string, step: number, steps: number, seed: number): string {
  return `${origin}, step ${step} of ${steps}, seed ${seed}`;
}
