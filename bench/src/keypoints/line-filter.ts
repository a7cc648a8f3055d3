/** Samples in rows. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * Correlates each row (or column) with a kernel; beyond the edge the outermost sample is repeated.
 *
 * @param kernel - `kernel[k]` weighs the sample `k − origin` further on
 */
export function filterLines(
  { width, height, data }: Grid,
  axis: 'rows' | 'columns',
  kernel: ArrayLike<number>,
  origin: number,
): Grid {
  const out = new Float32Array(data.length);
  const [length, lines] = axis === 'rows' ? [width, height] : [height, width];
  const [step, between] = axis === 'rows' ? [1, width] : [width, 1];
  for (let line = 0; line < lines; line++) {
    const base = line * between;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) {
        const at = Math.min(length - 1, Math.max(0, i + k - origin));
        sum += kernel[k]! * data[base + at * step]!;
      }
      out[base + i * step] = sum;
    }
  }
  return { width, height, data: out };
}

/** Smooths by a Gaussian, cut off at four deviations. */
export function smoothGrid(grid: Grid, sigma: number): Grid {
  const radius = Math.max(1, Math.ceil(4 * sigma));
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, v) => sum + v, 0);
  const weights = kernel.map((v) => v / total);
  return filterLines(filterLines(grid, 'rows', weights, radius), 'columns', weights, radius);
}

const difference = [-1, 0, 1];
const mean = [1, 2, 1];

/** Sobel's derivatives along x and y. */
export function sobel(grid: Grid): readonly [gx: Grid, gy: Grid] {
  return [
    filterLines(filterLines(grid, 'rows', difference, 1), 'columns', mean, 1),
    filterLines(filterLines(grid, 'rows', mean, 1), 'columns', difference, 1),
  ];
}
