import { OnnxGradError } from './error.js';
import { decodeSafetensors, encodeSafetensors, floatTensors } from './safetensors.js';
import type { TrainerState } from './trainer.js';

/** A training run at rest. */
export interface Checkpoint {
  readonly state: TrainerState;
  /** The seed of the run; batch `i` is drawn from it and `i` alone, so that seed and step are the whole random state. */
  readonly seed: number;
  /** What the run was started with, as JSON. */
  readonly configuration: unknown;
}

const formatName = 'onnx-grad checkpoint 1';

/** A checkpoint as a safetensors file: parameters, what the optimiser remembers and averages as arrays, the rest as metadata. */
export function encodeCheckpoint({ state, seed, configuration }: Checkpoint): Uint8Array {
  const tensors = [...state.tensors].map(
    ([name, { shape, data }]) => [name, { dtype: 'float32', shape, data }] as const,
  );
  return encodeSafetensors({
    tensors: new Map(tensors),
    metadata: {
      format: formatName,
      step: String(state.step),
      seed: String(seed),
      configuration: JSON.stringify(configuration ?? null),
    },
  });
}

/**
 * Reads what {@link encodeCheckpoint} wrote.
 *
 * @throws OnnxGradError `invalid-safetensors`, or `invalid-checkpoint` where it is some other safetensors file
 */
export function decodeCheckpoint(file: Uint8Array): Checkpoint {
  const stored = decodeSafetensors(file);
  const { format, step, seed, configuration } = stored.metadata;
  if (format !== formatName || step === undefined || seed === undefined || configuration === undefined) {
    throw new OnnxGradError('invalid-checkpoint', `the file is no checkpoint: its format is ${String(format)}`, {
      value: format,
    });
  }
  return {
    state: { step: Number(step), tensors: floatTensors(stored) },
    seed: Number(seed),
    configuration: JSON.parse(configuration),
  };
}
