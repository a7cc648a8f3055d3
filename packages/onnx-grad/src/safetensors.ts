import { type DType, type TensorData, holds } from './dtype.js';
import { OnnxGradError } from './error.js';
import { widenHalves } from './half.js';
import { type Shape, byteSizeOf } from './tensor.js';

/** An array as a safetensors file holds it. */
export interface StoredTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TensorData;
}

/** What a safetensors file holds: arrays by name, and text by name. */
export interface StoredTensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const setNames: Readonly<Record<DType, string>> = {
  float32: 'F32',
  float64: 'F64',
  float16: 'F16',
  int32: 'I32',
  int64: 'I64',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
};

/** Writes a safetensors file: eight bytes of length, a JSON header padded to eight bytes, then the arrays, little-endian. */
export function encodeSafetensors({ tensors, metadata }: StoredTensors): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    const bytes = byteSizeOf(shape, dtype);
    if (!holds(data, dtype) || bytes !== data.byteLength) {
      throw new OnnxGradError(
        'shape-mismatch',
        `safetensors: ${name} has ${data.byteLength} bytes where its shape has ${bytes}`,
      );
    }
    header[name] = { dtype: setNames[dtype], shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  let json = JSON.stringify(header);
  let text = new TextEncoder().encode(json);
  json += ' '.repeat((8 - (text.length % 8)) % 8);
  text = new TextEncoder().encode(json);
  const file = new Uint8Array(8 + text.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let at = 8 + text.length;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

function invalid(why: string): OnnxGradError {
  return new OnnxGradError('invalid-safetensors', `not a safetensors file: ${why}`, {
    hint: 'it may be cut off or of another format',
  });
}

const arrayTypes = {
  F32: ['float32', Float32Array],
  F64: ['float64', Float64Array],
  F16: ['float16', Uint16Array],
  I32: ['int32', Int32Array],
  I64: ['int64', BigInt64Array],
  I8: ['int8', Int8Array],
  U8: ['uint8', Uint8Array],
  BOOL: ['bool', Uint8Array],
} as const;

function readTensor(name: string, entry: unknown, body: Uint8Array): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = entry as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== 'string' || !(dtype in arrayTypes))
    throw invalid(`${name} has the unknown type ${String(dtype)}`);
  const [type, constructor] = arrayTypes[dtype as keyof typeof arrayTypes];
  const isSizes = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
    throw invalid(`${name} has no proper shape or offsets`);
  const [from, to] = offsets as [number, number];
  if (to > body.length || to - from !== byteSizeOf(shape, type)) throw invalid(`${name} does not fit the file`);
  // Copied, as offsets in the file need not be aligned to the element's size (`slice` would not copy Node's Buffer).
  return { dtype: type, shape, data: new constructor(Uint8Array.from(body.subarray(from, to)).buffer) };
}

/**
 * Reads a safetensors file.
 *
 * @throws OnnxGradError `invalid-safetensors` where the file is cut off or not of this format
 */
export function decodeSafetensors(file: Uint8Array): StoredTensors {
  if (file.length < 8) throw invalid('it is shorter than its header');
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > BigInt(file.length - 8)) throw invalid('it is shorter than its header says');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + Number(length))));
  } catch {
    throw invalid('the header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw invalid('the header is not an object');
  const body = file.subarray(8 + Number(length));
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, unknown>;
  const tensors = new Map(Object.entries(entries).map(([name, entry]) => [name, readTensor(name, entry, body)]));
  return { tensors, metadata: metadata as Record<string, string> };
}

/** The 32-bit float arrays of a safetensors file, as `replaceParameters` wants them; half floats are widened. */
export function floatTensors({ tensors }: StoredTensors): Map<string, { shape: Shape; data: Float32Array }> {
  const found = new Map<string, { shape: Shape; data: Float32Array }>();
  for (const [name, { dtype, shape, data }] of tensors) {
    if (dtype === 'float32') found.set(name, { shape, data: data as Float32Array });
    if (dtype === 'float16') found.set(name, { shape, data: widenHalves(data as Uint16Array) });
  }
  return found;
}
