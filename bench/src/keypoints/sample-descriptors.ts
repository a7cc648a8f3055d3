/**
 * Descriptors between the samples of a map: bilinear, the edge repeated, of unit length.
 *
 * @param map - `[height, width, length]`
 * @param places - column, row, column, row, …, in samples: a sample's centre is a whole number
 * @returns `[places, length]`
 */
export function sampleDescriptors(
  map: Float32Array,
  { width, height, length }: { readonly width: number; readonly height: number; readonly length: number },
  places: Float64Array,
): Float32Array {
  const count = places.length / 2;
  const out = new Float32Array(count * length);
  const clamp = (v: number, most: number): number => Math.min(most, Math.max(0, v));
  for (let n = 0; n < count; n++) {
    const [x, y] = [clamp(places[2 * n]!, width - 1), clamp(places[2 * n + 1]!, height - 1)];
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
    const [fx, fy] = [x - x0, y - y0];
    let squares = 0;
    for (let k = 0; k < length; k++) {
      const at = (column: number, row: number): number => map[(row * width + column) * length + k]!;
      const top = at(x0, y0) * (1 - fx) + at(x1, y0) * fx;
      const bottom = at(x0, y1) * (1 - fx) + at(x1, y1) * fx;
      const v = top * (1 - fy) + bottom * fy;
      out[n * length + k] = v;
      squares += v * v;
    }
    const factor = 1 / Math.max(Math.sqrt(squares), 1e-12);
    for (let k = 0; k < length; k++) out[n * length + k]! *= factor;
  }
  return out;
}
