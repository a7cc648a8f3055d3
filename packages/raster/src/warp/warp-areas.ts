import type { SourceBlock } from './warp-kernels.js';

/**
 * Averages, or takes the commonest of, the source samples a target pixel covers: the box between the images of its
 * upper left and lower right corners, as GDAL has it. Partly covered samples weigh by their part (mean only).
 * @param corners Interleaved source coordinates of the upper left corners of `count` target pixels.
 * @param opposite Those of the lower right corners.
 */
export function sampleAreas(
  block: SourceBlock,
  how: 'average' | 'mode',
  corners: Float64Array,
  opposite: Float64Array,
  count: number,
  out: Float64Array,
  valid: Uint8Array,
): void {
  const { data, width, height } = block;
  const mask = block.valid;
  const counts = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    valid[i] = 0;
    const ax = corners[2 * i]! - block.x;
    const ay = corners[2 * i + 1]! - block.y;
    const bx = opposite[2 * i]! - block.x;
    const by = opposite[2 * i + 1]! - block.y;
    const left = snap(Math.min(ax, bx));
    const right = snap(Math.max(ax, bx));
    const top = snap(Math.min(ay, by));
    const bottom = snap(Math.max(ay, by));
    // False for NaN as well.
    if (!(right > 0 && bottom > 0 && left < width && top < height)) continue;
    const x0 = Math.max(0, Math.floor(left + 1e-10));
    const x1 = Math.min(width, Math.max(x0 + 1, Math.ceil(right - 1e-10)));
    const y0 = Math.max(0, Math.floor(top + 1e-10));
    const y1 = Math.min(height, Math.max(y0 + 1, Math.ceil(bottom - 1e-10)));
    let sum = 0;
    let weight = 0;
    let best = 0;
    let most = 0;
    if (how === 'mode') counts.clear();
    for (let row = y0; row < y1; row++) {
      const wy = part(row, top, bottom, y0, y1);
      for (let column = x0; column < x1; column++) {
        const at = row * width + column;
        if (mask && mask[at] === 0) continue;
        const value = data[at]!;
        if (how === 'mode') {
          const n = (counts.get(value) ?? 0) + 1;
          counts.set(value, n);
          if (n > most) {
            most = n;
            best = value;
          }
        } else {
          const w = wy * part(column, left, right, x0, x1);
          sum += w * value;
          weight += w;
        }
      }
    }
    if (how === 'mode' ? most > 0 : weight > 0) {
      out[i] = how === 'mode' ? best : sum / weight;
      valid[i] = 1;
    }
  }
}

/** How much of sample `at` lies in [low, high); a lone sample counts whole. */
function part(at: number, low: number, high: number, first: number, end: number): number {
  if (end - first === 1) return 1;
  if (at === first) return Math.min(1, 1 - (low - first));
  return at + 1 === end ? Math.min(1, 1 - (end - high)) : 1;
}

/** Coordinates a rounding error away from a whole number are that number. */
function snap(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-10 ? whole : value;
}
