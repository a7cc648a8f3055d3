import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import {
  type ParameterTree,
  type StoredTensor,
  type TrainingProgress,
  adamW,
  createRandom,
  createTrainer,
  encodeSafetensors,
  namedParameters,
  oneCycleSchedule,
  train,
} from 'onnx-grad';
import { jsonLines, loadCheckpoint, saveCheckpoint, workerBatches, writeAtomically } from 'onnx-grad/node';
import type { TripletBatch } from '../sampling/triplets.js';
import type { TripletSourceOptions } from '../sampling/triplet-source.js';
import { rivals } from './rivals.js';

/** A run of training of a rival. */
export interface TrainRivalOptions {
  /** Of {@link rivals}. */
  readonly name: string;
  /** Where triplets come from: the same for all rivals, so that all see the same. */
  readonly triplets: TripletSourceOptions;
  /** Folder for `NAME.safetensors`, its checkpoint and a line of metrics a step; a run found there is resumed. */
  readonly out: string;
  readonly steps: number;
  /** The highest learning rate of the cycle. */
  readonly learningRate: number;
  readonly seed: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

const CHECKPOINT_EVERY = 250;
/** What stays of the moving average of the weights each step. */
const AVERAGE = 0.998;

/** Parameters as a safetensors file of 32-bit numbers. */
export function encodeParameters(parameters: ParameterTree, metadata: Readonly<Record<string, string>>): Uint8Array {
  const tensors = [...namedParameters(parameters)].map(
    ([name, { shape, data }]) => [name, { dtype: 'float32', shape, data } satisfies StoredTensor] as const,
  );
  return encodeSafetensors({ tensors: new Map(tensors), metadata });
}

/**
 * Trains a rival of DLSM and writes its averaged weights, at each checkpoint and in the end.
 *
 * @throws TiepointError `unknown-loss`, or `invalid-checkpoint` where the folder holds another run's
 */
export async function trainRival(options: TrainRivalOptions): Promise<void> {
  const { name, triplets, out, steps, learningRate, seed } = options;
  const rival = rivals[name];
  if (rival === undefined) {
    throw new TiepointError('unknown-loss', `there is no loss called ${name}`, {
      hint: `one of ${Object.keys(rivals).join(', ')}`,
      value: name,
    });
  }
  await mkdir(out, { recursive: true });
  const program = rival.program({
    parameters: rival.create(createRandom(seed)),
    batch: triplets.batch,
    optimizer: adamW({ weightDecay: 0.01 }),
    average: AVERAGE,
  });
  await using trainer = await createTrainer(program, { threads: options.threads ?? 2 });
  const checkpointPath = join(out, `${name}.checkpoint.safetensors`);
  const configuration = { name, steps, learningRate, seed, batch: triplets.batch };
  const checkpoint = await loadCheckpoint(checkpointPath);
  if (checkpoint) {
    if (JSON.stringify(checkpoint.configuration) !== JSON.stringify(configuration)) {
      throw new TiepointError('invalid-checkpoint', `${checkpointPath} is of another run`, {
        hint: 'a run is resumed with the options it was started with; name another folder for a new one',
        value: checkpoint.configuration,
      });
    }
    trainer.restore(checkpoint.state);
  }
  const store = async (): Promise<void> => {
    const metadata = { ...configuration, step: trainer.stepsTaken };
    const texts = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)]));
    const file = encodeParameters(trainer.averagedParameters(), texts);
    await writeAtomically(join(out, `${name}.safetensors`), file);
  };
  await train({
    trainer,
    steps,
    seed,
    configuration,
    schedule: oneCycleSchedule(learningRate, steps, { rise: 0.1 }),
    batches: (first) =>
      workerBatches<TripletBatch>({
        module: new URL('../sampling/triplet-source.js', import.meta.url),
        options: triplets,
        seed,
        first,
        ahead: 4,
      }),
    checkpoints: {
      every: CHECKPOINT_EVERY,
      save: async (state) => {
        await store();
        return await saveCheckpoint(checkpointPath, state);
      },
    },
    onRecord: jsonLines(join(out, `${name}.metrics.jsonl`)),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  });
}
