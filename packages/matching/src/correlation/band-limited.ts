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

/** A complex spectrum [N, C, 2·count, count] of real images: rows are the frequencies 0 … count−1 in y, then 0 … −(count−1). */
export interface Spectrum {
  readonly re: Tensor;
  readonly im: Tensor;
}

function matrixOf(rows: number, columns: number, value: (row: number, column: number) => number): Tensor {
  const data = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) data[r * columns + c] = value(r, c);
  return constant(data, [rows, columns]);
}

function halves(x: Tensor, axis: number, length: number): readonly [Tensor, Tensor] {
  const from = (start: number): Tensor => slice(x, { axes: [axis], starts: [start], ends: [start + length] });
  return [from(0), from(length)];
}

/** The band of the spectrum of real images [N, C, H, W]; pixel (0, 0) has phase 0. */
export function spectrumOf(images: Tensor, band: Band): Spectrum {
  const [n, c, h, w] = images.shape as [number, number, number, number];
  const { period, count } = band;
  const angle = (2 * Math.PI) / period;
  // Rows first: all of them are one product with a constant on the right, [cos | −sin].
  const right = matrixOf(w, 2 * count, (x, column) => {
    const k = column % count;
    return column < count ? Math.cos(angle * k * x) : -Math.sin(angle * k * x);
  });
  const left = matrixOf(2 * count, h, (row, y) => {
    const k = row % count;
    return row < count ? Math.cos(angle * k * y) : Math.sin(angle * k * y);
  });
  const rows = reshape(matmul(reshape(images, [n * c * h, w]), right), [n * c, h, 2 * count]);
  const both = reshape(matmul(left, rows), [n, c, 2 * count, 2 * count]);
  const [cosines, sines] = halves(both, 2, count);
  const [cosRe, cosIm] = halves(cosines, 3, count);
  const [sinRe, sinIm] = halves(sines, 3, count);
  // A frequency in y and its negative differ in the sign of the sines alone.
  return {
    re: concat([add(cosRe, sinIm), sub(cosRe, sinIm)], 2),
    im: concat([sub(cosIm, sinRe), add(cosIm, sinRe)], 2),
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
 * Evaluates spectra [N, C, 2·count, count] at the given positions.
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
    const index = column % ky;
    // Zero is there twice, and counts once.
    if (index === count) return 0;
    const a = angle * (index < count ? index : count - index) * ys[row]!;
    return column < ky ? Math.cos(a) : -Math.sin(a);
  });
  const rows = matmul(reshape(concat([s.re, s.im], 3), [n * c * ky, 2 * count]), right);
  const [re, im] = halves(reshape(rows, [n * c, ky, 2 * X]), 2, X);
  return reshape(matmul(left, concat([re, im], 1)), [n, c, Y, X]);
}
