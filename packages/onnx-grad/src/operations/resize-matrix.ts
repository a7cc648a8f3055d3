import { type Tensor, constant } from '../tensor.js';

/** How values between pixels are found. */
export type ResizeMode = 'nearest' | 'bilinear' | 'cubic';

function triangle(t: number): number {
  return Math.max(0, 1 - Math.abs(t));
}

/** Keys' kernel with a = −0.5. */
function keys(t: number): number {
  const x = Math.abs(t);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

/** Source pixels and weights of one pixel of the result. */
function taps(at: number, size: number, result: number, mode: ResizeMode, antialias: boolean): [number, number][] {
  const scale = size / result;
  const centre = (at + 0.5) * scale - 0.5;
  const clamp = (i: number): number => Math.min(Math.max(i, 0), size - 1);
  if (mode === 'nearest') return [[clamp(Math.floor(centre + 0.5)), 1]];
  const kernel = mode === 'cubic' ? keys : triangle;
  const radius = mode === 'cubic' ? 2 : 1;
  if (antialias) {
    // The kernel is widened and made to sum to one; what reaches outside counts for the edge pixel.
    const stretch = Math.max(scale, 1);
    const first = Math.ceil(centre - radius * stretch);
    const last = Math.floor(centre + radius * stretch);
    const weights = Array.from({ length: last - first + 1 }, (_, i) => kernel((first + i - centre) / stretch));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight, i) => [clamp(first + i), weight / sum]);
  }
  const base = Math.floor(centre);
  return Array.from({ length: 2 * radius }, (_, k) => {
    const i = base - radius + 1 + k;
    return [clamp(i), kernel(i - centre)];
  });
}

/** The matrix that resizes a line of `size` pixels to `result`, `[result, size]`, the same numbers as ONNX's Resize (half-pixel centres). */
export function resizeMatrix(size: number, result: number, mode: ResizeMode, antialias: boolean): Tensor {
  const data = new Float32Array(result * size);
  for (let at = 0; at < result; at++) {
    for (const [source, weight] of taps(at, size, result, mode, antialias)) data[at * size + source]! += weight;
  }
  return constant(data, [result, size]);
}
