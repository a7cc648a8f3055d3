import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asTiepointError } from '@tiepoint/matching';
import {
  type NamedTensors,
  type ParameterTree,
  type TensorData,
  type TrainingProgram,
  type TrainingProgress,
  createTrainer,
  oneCycleSchedule,
  train,
} from 'onnx-grad';
import { jsonLines, loadCheckpoint, saveCheckpoint, workerBatches, writeAtomically } from 'onnx-grad/node';
import { digestOfParameters, requireSameSettings, type Settings } from './settings.js';

/** What every run of training is told. */
export interface RunOptions {
  /** Folder for weights, checkpoints and records; a run found there is resumed. */
  readonly out: string;
  readonly steps: number;
  /** The highest learning rate of the cycle. */
  readonly learningRate: number;
  readonly seed: number;
  /** Steps between two validations, and times weights are written. */
  readonly validateEvery: number;
  /** Said in the weights, for example commit and command. */
  readonly provenance: string;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  readonly onMessage?: ((text: string) => void) | undefined;
}

/** How good the averaged parameters are. */
export interface Validation {
  /** A line of `validation.jsonl` beside its step. */
  readonly record: Readonly<Record<string, unknown>>;
  /** The same in words. */
  readonly words: string;
}

/** What differs from network to network, and from rival to rival. */
export interface TrainedNetwork<P extends ParameterTree, B extends NamedTensors> {
  /** Must keep an average. */
  readonly program: TrainingProgram<P, B>;
  /** Makes batches; see `workerBatches`. What it makes is called as the program's inputs. */
  readonly source: { readonly module: URL; readonly options: unknown };
  /** All that the losses of a run depend on beside {@link RunOptions} and the first parameters: a run is resumed under the same only. */
  readonly settings: Settings;
  /** None where others measure the weights. */
  readonly validate?: (parameters: P, step: number) => Promise<Validation>;
  /** The file of weights, and its name. */
  readonly encode: (parameters: P, provenance: string) => Uint8Array;
  readonly file: string;
}

/** Steps between two checkpoints. */
const checkpointEvery = 250;
/** Batches that are drawn ahead of the step that takes them. */
const batchesAhead = 6;
/** The share of the steps in which the learning rate rises. */
const rise = 0.1;

/** Says which step of which run weights are of. */
export function provenanceOf({ provenance, steps, seed }: RunOptions, step: number): string {
  return `${provenance}, step ${step} of ${steps}, seed ${seed}`;
}

/**
 * The one loop that all networks and their rivals are trained by: checkpoints from which a run goes on with the very losses of an
 * uninterrupted one, validation, and the averaged weights at each.
 *
 * In `out`: `metrics.jsonl` (a line a step), `validation.jsonl`, `checkpoint.safetensors` and the weights.
 *
 * @returns the averaged parameters in the end
 * @throws TiepointError `settings-changed` where the folder holds a run under other settings, `no-samples` where batches cannot be
 *   drawn, `training-diverged`, `invalid-checkpoint`, `output-unwritable`
 */
export async function runTraining<P extends ParameterTree, B extends NamedTensors>(
  network: TrainedNetwork<P, B>,
  options: RunOptions,
): Promise<P> {
  try {
    return await runSteps(network, options);
  } catch (error) {
    throw asTiepointError(error);
  }
}

async function runSteps<P extends ParameterTree, B extends NamedTensors>(
  network: TrainedNetwork<P, B>,
  options: RunOptions,
): Promise<P> {
  const { out, steps, learningRate, seed, validateEvery, signal, onProgress, onMessage } = options;
  const { program, source, validate } = network;
  await mkdir(out, { recursive: true });
  const configuration: Settings = {
    ...network.settings,
    steps,
    learningRate,
    seed,
    firstParameters: digestOfParameters(program.parameters),
  };
  const checkpointPath = join(out, 'checkpoint.safetensors');
  const checkpoint = await loadCheckpoint(checkpointPath);
  if (checkpoint) requireSameSettings(checkpointPath, checkpoint.configuration, configuration);
  await using trainer = await createTrainer(program, { threads: options.threads ?? 2 });
  if (checkpoint) {
    trainer.restore(checkpoint.state);
    onMessage?.(`resumed at step ${checkpoint.state.step}`);
  }
  const metrics = jsonLines(join(out, 'metrics.jsonl'));
  const validations = jsonLines(join(out, 'validation.jsonl'));
  const writeWeights = async (step: number): Promise<void> => {
    const parameters = trainer.averagedParameters();
    const found = await validate?.(parameters, step);
    if (found !== undefined) {
      await validations({ step, ...found.record });
      onMessage?.(`step ${step}: ${found.words}`);
    }
    await writeAtomically(join(out, network.file), network.encode(parameters, provenanceOf(options, step)));
  };
  await train({
    trainer,
    steps,
    seed,
    configuration,
    schedule: oneCycleSchedule(learningRate, steps, { rise }),
    batches: (first) =>
      workerBatches<Record<string, TensorData>>({
        ...source,
        seed,
        first,
        ahead: batchesAhead,
      }) as AsyncIterable<never>,
    checkpoints: { every: checkpointEvery, save: (state) => saveCheckpoint(checkpointPath, state) },
    onRecord: async (record) => {
      await metrics(record);
      if (record.step % validateEvery === 0 || record.step === steps) await writeWeights(record.step);
    },
    signal,
    onProgress,
  });
  return trainer.averagedParameters();
}
