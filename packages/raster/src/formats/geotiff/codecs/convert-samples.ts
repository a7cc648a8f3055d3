import { allocateSamples, type DataType, isIntegerType, type SampleArray, typeRange } from '../../data-type.js';

/**
 * Samples as another type: rounded half away from zero and clamped for integers, as GDAL does; NaN becomes `fill`.
 * The same array comes back where nothing has to change.
 */
export function convertSamples(samples: SampleArray, type: DataType, fill = 0): SampleArray {
  const target = allocateSamples(type, 0);
  if (samples.constructor === target.constructor && !(isIntegerType(type) && samples instanceof Float64Array)) {
    return samples;
  }
  const out = allocateSamples(type, samples.length);
  if (!isIntegerType(type)) {
    out.set(samples);
    return out;
  }
  const [low, high] = typeRange(type);
  for (let i = 0; i < out.length; i++) {
    const value = samples[i]!;
    const rounded = value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5);
    // Comparisons with NaN are false.
    out[i] = rounded <= low ? low : rounded >= high ? high : value === value ? rounded : fill;
  }
  return out;
}

/** The value nearest to a nodata value that a type can hold, for valid samples that happen to equal it. */
export function besideNodata(nodata: number, type: DataType): number {
  if (isIntegerType(type)) return nodata === typeRange(type)[0] ? nodata + 1 : nodata - 1;
  if (type === 'float64') return nodata === 0 ? Number.MIN_VALUE : nodata * (1 + 2 ** -52);
  const float = new Float32Array([nodata]);
  const bits = new Uint32Array(float.buffer);
  bits[0] = bits[0]! + (type === 'float16' ? 1 << 13 : 1);
  return float[0]!;
}
