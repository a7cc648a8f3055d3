import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import {
  type NamedTensors,
  OnnxGradError,
  type ParameterTree,
  type TensorData,
  type TrainingProgram,
  type TrainingProgress,
  createTrainer,
  oneCycleSchedule,
  train,
} from 'onnx-grad';
import { jsonLines, loadCheckpoint, saveCheckpoint, workerBatches, writeAtomically } from 'onnx-grad/node';

/** What every run of training is told. */
export interface RunOptions {
  /** Folder for weights, checkpoints and records; a run found there is resumed. */
  readonly out: string;
  readonly steps: number;
  /** The highest learning rate of the cycle. */
  readonly learningRate: number;
  readonly seed: number;
  /** Steps between two validations. */
  readonly validateEvery: number;
  /** Said in the weights, for example commit and command. */
  readonly provenance: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly onMessage?: (text: string) => void;
}

/** What differs from network to network. */
export interface TrainedThing<P extends ParameterTree, B extends NamedTensors> {
  /** Must keep an average. */
  readonly program: TrainingProgram<P, B>;
  /** Makes batches; see `workerBatches`. */
  readonly source: { readonly module: URL; readonly options: unknown };
  /** Numbers that say how good the averaged parameters are, by name. */
  readonly validate: (parameters: P, step: number) => Promise<Readonly<Record<string, number>>>;
  /** The file of weights, and its name. */
  readonly encode: (parameters: P, provenance: string) => Uint8Array;
  readonly file: string;
}

const CHECKPOINT_EVERY = 500;

/**
 * Trains with checkpoints and validation, and writes the averaged weights at each validation.
 *
 * In `out`: `metrics.jsonl` (a line a step), `validation.jsonl`, `checkpoint.safetensors` and the weights.
 *
 * @returns the averaged parameters in the end
 * @throws TiepointError `no-samples` where batches cannot be drawn
 */
export async function runTraining<P extends ParameterTree, B extends NamedTensors>(
  thing: TrainedThing<P, B>,
  options: RunOptions,
): Promise<P> {
  const { out, steps, seed, signal, onProgress, onMessage } = options;
  const say = onMessage ?? (() => undefined);
  await mkdir(out, { recursive: true });
  await using trainer = await createTrainer(thing.program, { threads: options.threads ?? 2 });
  const checkpointPath = join(out, 'checkpoint.safetensors');
  const checkpoint = await loadCheckpoint(checkpointPath);
  if (checkpoint) {
    trainer.restore(checkpoint.state);
    say(`resumed at step ${checkpoint.state.step}`);
  }
  const metrics = jsonLines(join(out, 'metrics.jsonl'));
  const validations = jsonLines(join(out, 'validation.jsonl'));
  const validate = async (step: number): Promise<void> => {
    const parameters = trainer.averagedParameters();
    const found = await thing.validate(parameters, step);
    await validations({ step, ...found });
    const shown = Object.entries(found).map(([name, v]) => `${name} ${v.toFixed(3)}`);
    say(`step ${step}: ${shown.length > 0 ? shown.join(', ') : 'no pair of the split val that is large enough'}`);
    const provenance = `${options.provenance}, step ${step} of ${steps}, seed ${seed}`;
    await writeAtomically(join(out, thing.file), thing.encode(parameters, provenance));
  };
  const run = train({
    trainer,
    steps,
    seed,
    schedule: oneCycleSchedule(options.learningRate, steps, { rise: 0.1 }),
    batches: (first) =>
      // What the source makes is what the program's inputs are called.
      workerBatches<Record<string, TensorData>>({ ...thing.source, seed, first, ahead: 4 }) as AsyncIterable<never>,
    checkpoints: { every: CHECKPOINT_EVERY, save: (state) => saveCheckpoint(checkpointPath, state) },
    onRecord: async (record) => {
      await metrics(record);
      if (record.step % options.validateEvery === 0 || record.step === steps) await validate(record.step);
    },
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  await run.catch((error: unknown) => {
    // What is wrong with the pairs shows where samples are drawn, in another thread.
    if (!(error instanceof OnnxGradError && error.code === 'batch-failed')) throw error;
    throw new TiepointError('no-samples', error.message, {
      hint: 'the images may be too small for the side of the crops or the number of keypoints',
      cause: error,
    });
  });
  return trainer.averagedParameters();
}
