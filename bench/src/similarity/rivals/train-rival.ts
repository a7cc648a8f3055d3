import { join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import type { TripletSourceOptions } from '@tiepoint/training';
import {
  displacementSource,
  type RunOptions,
  runTraining,
  settingsOfData,
  tripletSource,
} from '@tiepoint/training/evaluation';
import { adamW, createRandom } from 'onnx-grad';
import { encodeParameters } from '../../encode-parameters.js';
import { rivals } from './rivals.js';

/** A run of training of a rival. */
export interface TrainRivalOptions extends Omit<RunOptions, 'validateEvery' | 'provenance'> {
  /** Of {@link rivals}. */
  readonly name: string;
  /** Where triplets come from, or templates with their displacements: the same ground for all rivals, so that all see the same. */
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
  const { source, alignments, weights, augmentation } = triplets;
  const { displacements } = rival;
  const fields = displacements && {
    radius: displacements.radius,
    shift: displacements.shift,
    batch: Math.max(1, Math.round(triplets.batch / displacements.triplets)),
  };
  const drawn = { weights, augmentation, ...(fields ?? { batch: triplets.batch, shifts: triplets.shifts }) };
  await runTraining(
    {
      program: rival.program({
        parameters: rival.create(createRandom(seed)),
        batch: drawn.batch,
        optimizer: adamW({ weightDecay }),
        average,
      }),
      source: { module: fields ? displacementSource : tripletSource, options: { ...drawn, source, alignments } },
      settings: {
        name,
        terms: rival.terms,
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
