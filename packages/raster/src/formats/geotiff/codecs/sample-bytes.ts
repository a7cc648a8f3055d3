import { allocateSamples, bytesPerSample, type DataType, type SampleArray } from '../../data-type.js';
import { halfToFloat } from './float16.js';

const machineIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Swaps bytes in place so that values of `size` bytes in the given order come into the machine's. */
export function toMachineOrder(bytes: Uint8Array, size: number, littleEndian: boolean): void {
  if (size === 1 || littleEndian === machineIsLittleEndian) return;
  for (let at = 0; at + size <= bytes.length; at += size) {
    for (let i = 0, j = size - 1; i < j; i++, j--) {
      const held = bytes[at + i]!;
      bytes[at + i] = bytes[at + j]!;
      bytes[at + j] = held;
    }
  }
}

/**
 * Bytes in the machine's order as samples of a data type. Complex samples become their magnitude.
 * The result may share the bytes' memory.
 */
export function samplesFromBytes(bytes: Uint8Array, type: DataType): SampleArray {
  const size = bytesPerSample(type);
  const count = Math.floor(bytes.byteLength / size);
  const aligned = bytes.byteOffset % Math.min(size, 8) === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = aligned;
  switch (type) {
    case 'uint8':
      return aligned;
    case 'int8':
      return new Int8Array(buffer, byteOffset, count);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, count);
    case 'int16':
      return new Int16Array(buffer, byteOffset, count);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, count);
    case 'int32':
      return new Int32Array(buffer, byteOffset, count);
    case 'float32':
      return new Float32Array(buffer, byteOffset, count);
    case 'float64':
      return new Float64Array(buffer, byteOffset, count);
    case 'float16':
      return halfToFloat(new Uint16Array(buffer, byteOffset, count));
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer, byteOffset, count), Number);
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer, byteOffset, count), Number);
    case 'cint16':
      return magnitudes(new Int16Array(buffer, byteOffset, count * 2), type);
    case 'cint32':
      return magnitudes(new Int32Array(buffer, byteOffset, count * 2), type);
    case 'cfloat32':
      return magnitudes(new Float32Array(buffer, byteOffset, count * 2), type);
    case 'cfloat64':
      return magnitudes(new Float64Array(buffer, byteOffset, count * 2), type);
  }
}

function magnitudes(pairs: Int16Array | Int32Array | Float32Array | Float64Array, type: DataType): SampleArray {
  const out = allocateSamples(type, pairs.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Math.hypot(pairs[2 * i]!, pairs[2 * i + 1]!);
  return out;
}

/**
 * Unpacks samples of fewer than 8 bits, or of 9 to 31, most significant bit first; rows begin at whole bytes.
 * @param rowLength Samples of a row.
 */
export function unpackBits(
  bytes: Uint8Array,
  bits: number,
  rowLength: number,
  rows: number,
  type: 'uint8' | 'uint16' | 'uint32',
): SampleArray {
  const out = allocateSamples(type, rowLength * rows);
  const rowBytes = Math.ceil((rowLength * bits) / 8);
  for (let y = 0; y < rows; y++) {
    let bit = y * rowBytes * 8;
    for (let x = 0; x < rowLength; x++) {
      let value = 0;
      for (let n = 0; n < bits; n++, bit++) {
        value = value * 2 + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
      }
      out[y * rowLength + x] = value;
    }
  }
  return out;
}
