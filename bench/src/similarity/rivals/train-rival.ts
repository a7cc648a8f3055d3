import { join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import type { TripletSourceOptions } from '@tiepoint/training';
import { type RunOptions, runTraining, settingsOfData, tripletSource } from '@tiepoint/training/evaluation';
import { adamW, createRandom } from 'onnx-grad';
import { encodeParameters } from '../../encode-parameters.js';
import { rivals } from './rivals.js';

/** A run of training of a rival. */
export interface TrainRivalOptions extends Omit<RunOptions, 'validateEvery' | 'provenance'> {
  /** Of {@link rivals}. */
  readonly name: string;
  /** Where triplets come from: the same for all rivals, so that all see the same. */
  readonly triplets: TripletSourceOptions;
}

/** Steps between two times the weights are written. */
const writeEvery = 250;
/** What stays of the moving average of the weights each step. */
const average = 0.998;
const weightDecay = 0.01;

/**
 * Trains a rival of DLSM by the loop that DLSM is trained by, in a folder of its own, and writes its averaged weights there:
 * `NAME/NAME.safetensors`.
 *
 * @throws TiepointError `usage`, and as `runTraining` does
 */
export async function trainRival(options: TrainRivalOptions): Promise<void> {
  const { name, triplets, seed } = options;
  const rival = rivals[name];
  if (rival === undefined) {
    throw new TiepointError('usage', `there is no rival called ${name}`, {
      hint: `one of ${Object.keys(rivals).join(', ')}`,
      value: name,
    });
  }
  const { source, alignments, ...drawn } = triplets;
  await runTraining(
    {
      program: rival.program({
        parameters: rival.create(createRandom(seed)),
        batch: triplets.batch,
        optimizer: adamW({ weightDecay }),
        average,
      }),
      source: { module: tripletSource, options: triplets },
      settings: {
        name,
        average,
        weightDecay,
        ...drawn,
        data: await settingsOfData(source, alignments),
      },
      encode: (parameters, provenance) => encodeParameters(parameters, { name, provenance }),
      file: `${name}.safetensors`,
    },
    { ...options, out: join(options.out, name), validateEvery: writeEvery, provenance: `rival ${name}` },
  );
}
