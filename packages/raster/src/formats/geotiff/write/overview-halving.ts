import type { SampleArray } from '../../data-type.js';

/**
 * The mean of each 2×2 block of integers, rounded half up; the commonest overview, without masks and fractions.
 * @param waiting A row before the block's first, or null.
 */
export function halveRows(
  waiting: SampleArray | null,
  data: SampleArray,
  width: number,
  rows: number,
  out: SampleArray,
): void {
  const shift = waiting ? 1 : 0;
  for (let row = 0; row < rows; row++) {
    const top = 2 * row - shift;
    const upper = top < 0 ? waiting! : data;
    const u = top < 0 ? 0 : top * width;
    const l = (top + 1) * width;
    const o = row * (width >> 1);
    for (let i = 0; i < width >> 1; i++) {
      const sum = upper[u + 2 * i]! + upper[u + 2 * i + 1]! + data[l + 2 * i]! + data[l + 2 * i + 1]!;
      out[o + i] = Math.floor(sum / 4 + 0.5);
    }
  }
}
