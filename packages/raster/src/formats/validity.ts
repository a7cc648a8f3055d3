import type { DataType, SampleArray } from './data-type.js';
import { isIntegerType, partType, typeRange } from './data-type.js';

/** A nodata value as samples of a type can show it; null where they cannot. */
export function usableNodata(nodata: number | null, type: DataType): number | null {
  if (nodata === null || Number.isNaN(nodata)) return null;
  if (isIntegerType(type)) {
    const [low, high] = typeRange(type);
    return Number.isInteger(nodata) && nodata >= low && nodata <= high ? nodata : null;
  }
  // Complex samples are read as their magnitude.
  if (partType(type) !== null) return Math.abs(nodata);
  return type === 'float32' || type === 'float16' ? Math.fround(nodata) : nodata;
}

/** True where samples of the type can have the nodata value. */
export function marksMissing(nodata: number | null, type: DataType): boolean {
  if (nodata !== null && Number.isNaN(nodata)) return !isIntegerType(type);
  return usableNodata(nodata, type) !== null;
}

/** Samples at the end of float32's range stand for "nothing here" in files that name no nodata value. */
const extremeMagnitude = 3.4e38;

/** GDAL takes single-precision samples within two units in the last place of the sum for the nodata value. */
const nodataTolerance = 2 * 2 ** -23;

/**
 * Which samples of a band are valid, 1 or 0; null where all are.
 * A mask beats a nodata value. What is not finite is never valid, nor is float32's lowest or highest value.
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
  // Nodata of a float band often went through single precision on its way.
  const single = value === null ? null : Math.fround(value);
  const tolerance = value !== null && data instanceof Float32Array ? nodataTolerance * Math.abs(2 * value) : 0;
  let valid: Uint8Array | null = null;
  for (let i = 0; i < data.length; i++) {
    const sample = data[i]!;
    const missing = sample === value || (float && (sample === single || Math.abs(sample - value!) < tolerance));
    // The comparison is false for NaN as well.
    if (missing || (float && !(Math.abs(sample) < extremeMagnitude))) {
      valid ??= mask ? mask.slice() : new Uint8Array(data.length).fill(1);
      valid[i] = 0;
    }
  }
  return valid ?? mask;
}
