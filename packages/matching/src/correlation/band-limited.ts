import { add, concat, constant, matmul, mul, reshape, slice, sub, type Tensor } from 'onnx-grad';

/**
 * The part of a discrete Fourier transform a correlation needs: the frequencies of a band, evaluated as matrix products.
 * Smoothed features have nothing above the band, so leaving the rest out costs no accuracy and saves most of the work;
 * a general matrix product also runs at the full speed of every engine, which transforms of odd lengths do not.
 */
export interface Band {
  /** Period of the transform, px: at least the extent plus the largest displacement, or the correlation wraps around. */
  readonly period: number;
  /** Frequencies −(count−1) … count−1 in y and 0 … count−1 in x, in cycles per period. */
  readonly count: number;
}

/** A complex spectrum [N, C, 2·count−1, count] of real images. */
export interface Spectrum {
  readonly re: Tensor;
  readonly im: Tensor;
}

function matrixOf(rows: number, columns: number, value: (row: number, column: number) => number): Tensor {
  const data = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) data[r * columns + c] = value(r, c);
  return constant(data, [rows, columns]);
}

function part(x: Tensor, axis: number, start: number, length: number): Tensor {
  return slice(x, { axes: [axis], starts: [start], ends: [start + length] });
}

/** The band of the spectrum of real images [N, C, H, W]; pixel (0, 0) has phase 0. */
export function spectrumOf(images: Tensor, band: Band): Spectrum {
  const [n, c, h, w] = images.shape as [number, number, number, number];
  const { period, count } = band;
  const ky = 2 * count - 1;
  const angle = (2 * Math.PI) / period;
  // Columns first: real input becomes [cos; −sin] rows by one product with a constant on the left.
  const left = matrixOf(2 * ky, h, (row, y) => {
    const k = (row % ky) - (count - 1);
    return row < ky ? Math.cos(angle * k * y) : -Math.sin(angle * k * y);
  });
  const right = matrixOf(w, 2 * count, (x, column) => {
    const k = column % count;
    return column < count ? Math.cos(angle * k * x) : -Math.sin(angle * k * x);
  });
  const columns = matmul(left, reshape(images, [n * c, h, w]));
  const both = matmul(reshape(columns, [n * c * 2 * ky, w]), right);
  const blocks = reshape(both, [n, c, 2 * ky, 2 * count]);
  const real = part(blocks, 2, 0, ky);
  const imaginary = part(blocks, 2, ky, ky);
  return {
    re: sub(part(real, 3, 0, count), part(imaginary, 3, count, count)),
    im: add(part(real, 3, count, count), part(imaginary, 3, 0, count)),
  };
}

/** a · conj(b), element by element. */
export function timesConjugate(a: Spectrum, b: Spectrum): Spectrum {
  return {
    re: add(mul(a.re, b.re), mul(a.im, b.im)),
    im: sub(mul(a.im, b.re), mul(a.re, b.im)),
  };
}

/**
 * Evaluates spectra [N, C, 2·count−1, count] at the given positions.
 *
 * @param xs - columns, px; @param ys - rows, px: any real numbers
 * @returns [N, C, ys.length, xs.length]
 */
export function evaluateSpectrum(s: Spectrum, band: Band, xs: readonly number[], ys: readonly number[]): Tensor {
  const [n, c, ky] = s.re.shape as [number, number, number, number];
  const { period, count } = band;
  const angle = (2 * Math.PI) / period;
  const X = xs.length;
  const Y = ys.length;
  // Frequencies left of zero are the conjugates of those right of it: they are there by counting the right ones twice.
  const weight = (k: number): number => (k === 0 ? 1 : 2) / (period * period);
  const right = matrixOf(2 * count, 2 * X, (row, column) => {
    const k = row % count;
    const a = angle * k * xs[column % X]!;
    if (row < count) return weight(k) * (column < X ? Math.cos(a) : Math.sin(a));
    return weight(k) * (column < X ? -Math.sin(a) : Math.cos(a));
  });
  const left = matrixOf(Y, 2 * ky, (row, column) => {
    const a = angle * ((column % ky) - (count - 1)) * ys[row]!;
    return column < ky ? Math.cos(a) : -Math.sin(a);
  });
  const rows = matmul(reshape(concat([s.re, s.im], 3), [n * c * ky, 2 * count]), right);
  const blocks = reshape(rows, [n * c, ky, 2 * X]);
  const stacked = concat([part(blocks, 2, 0, X), part(blocks, 2, X, X)], 1);
  return reshape(matmul(left, stacked), [n, c, Y, X]);
}
