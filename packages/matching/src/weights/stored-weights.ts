import { TiepointError } from '@tiepoint/geometry';
import {
  type ParameterTree,
  type Random,
  decodeSafetensors,
  encodeSafetensors,
  floatTensors,
  namedParameters,
  replaceParameters,
  type Shape,
  type StoredTensor,
  toHalf,
} from 'onnx-grad';

/** Weights of a network in memory: arrays by name, and what their file says of them. */
export interface StoredWeights {
  readonly arrays: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of the file's bytes: what is said of weights need not tell them apart. */
  readonly fingerprint: string;
}

/** FNV-1a (Fowler, Noll and Vo) of bytes, 32 bits, as eight hexadecimal digits. */
function fingerprintOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Writes weights as a safetensors file with 16-bit numbers. */
export function encodeWeights(
  format: string,
  parameters: ParameterTree,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { shape, data }] of namedParameters(parameters)) {
    tensors.set(name, { dtype: 'float16', shape, data: Uint16Array.from(data, toHalf) });
  }
  return encodeSafetensors({ tensors, metadata: { ...metadata, format } });
}

/** What weights are called: where they come from, and what tells them from others of which the same is said. */
export function weightsName(provenance: string, { fingerprint }: StoredWeights): string {
  return `${provenance} [${fingerprint}]`;
}

/** The error of weights that cannot be used. */
export function weightsError(why: string, cause?: unknown): TiepointError {
  return new TiepointError('weights-invalid', `the weights cannot be used: ${why}`, {
    hint: 'weights are safetensors files made by `tiepoint train`',
    cause,
  });
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Reads a file of {@link encodeWeights}. @throws TiepointError `weights-invalid` */
export function decodeWeights(format: string, file: Uint8Array): StoredWeights {
  let stored: ReturnType<typeof decodeSafetensors>;
  try {
    stored = decodeSafetensors(file);
  } catch (cause) {
    throw weightsError(reason(cause), cause);
  }
  const { metadata } = stored;
  if (metadata['format'] !== format) throw weightsError(`their format is ${String(metadata['format'])}, not ${format}`);
  return { arrays: floatTensors(stored), metadata, fingerprint: fingerprintOf(file) };
}

/** The parameters with the numbers of the file. @throws TiepointError `weights-invalid` naming what is missing or does not fit */
export function fillParameters<P extends ParameterTree>(fresh: P, { arrays }: StoredWeights): P {
  try {
    return replaceParameters(fresh, arrays);
  } catch (cause) {
    throw weightsError(reason(cause), cause);
  }
}

/** Gives nothing but zeros: for parameters that are filled from a file at once. */
export const zeros: Random = { uniform: () => 0, normal: () => 0, integer: () => 0, state: () => [0, 0, 0, 0] };
