import { besideNodata } from '../codecs/convert-samples.js';
import { type DataType, isIntegerType, type SampleArray, typeRange } from '../../data-type.js';

/**
 * Stores a row of computed values as samples: rounded half up and clamped for integers, as GDAL does, and moved off
 * the nodata value where they are valid.
 */
export function storeRow(
  values: Float64Array,
  valid: Uint8Array,
  count: number,
  type: DataType,
  nodata: number | null,
  fill: number,
  out: SampleArray,
  offset: number,
): void {
  if (!isIntegerType(type)) {
    for (let i = 0; i < count; i++) out[offset + i] = valid[i] === 1 ? values[i]! : fill;
  } else {
    const [low, high] = typeRange(type);
    for (let i = 0; i < count; i++) {
      const rounded = Math.floor(values[i]! + 0.5);
      out[offset + i] = valid[i] === 1 ? (rounded < low ? low : rounded > high ? high : rounded) : fill;
    }
  }
  if (nodata === null || Number.isNaN(nodata)) return;
  const beside = besideNodata(nodata, type);
  for (let i = 0; i < count; i++) if (valid[i] === 1 && out[offset + i] === nodata) out[offset + i] = beside;
}
