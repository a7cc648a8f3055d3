import type { DataType, SampleArray } from './data-type.js';
import { isIntegerType, typeRange } from './data-type.js';

/** A nodata value as samples of a type can show it; null where they cannot. */
export function usableNodata(nodata: number | null, type: DataType): number | null {
  if (nodata === null || Number.isNaN(nodata)) return null;
  if (isIntegerType(type)) {
    const [low, high] = typeRange(type);
    return Number.isInteger(nodata) && nodata >= low && nodata <= high ? nodata : null;
  }
  return type === 'float32' || type === 'float16' ? Math.fround(nodata) : nodata;
}

/**
 * Which samples of a band are valid, 1 or 0; null where all are.
 * A mask beats a nodata value; NaN is never valid.
 */
export function bandValidity(
  data: SampleArray,
  type: DataType,
  nodata: number | null,
  mask: Uint8Array | null,
): Uint8Array | null {
  const value = mask ? null : usableNodata(nodata, type);
  const float = data instanceof Float32Array || data instanceof Float64Array;
  if (value === null && !float) return mask;
  let valid: Uint8Array | null = null;
  for (let i = 0; i < data.length; i++) {
    const sample = data[i]!;
    // NaN is the one value that differs from itself.
    if (sample === value || (float && sample !== sample)) {
      valid ??= mask ? mask.slice() : new Uint8Array(data.length).fill(1);
      valid[i] = 0;
    }
  }
  return valid ?? mask;
}
