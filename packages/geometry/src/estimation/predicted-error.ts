import type { Covariance2 } from '../points/covariance.js';
import type { Fit } from './fit.js';

/** Twice the sum of the lower triangle without the diagonal, and that: rowᵀ M row of a symmetric M. */
function quadratic(triangle: Float64Array, size: number, row: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < size; a++) {
    const at = a * size;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let b = 0;
    for (; b + 3 < a; b += 4) {
      s0 += triangle[at + b]! * row[b]!;
      s1 += triangle[at + b + 1]! * row[b + 1]!;
      s2 += triangle[at + b + 2]! * row[b + 2]!;
      s3 += triangle[at + b + 3]! * row[b + 3]!;
    }
    for (; b < a; b++) s0 += triangle[at + b]! * row[b]!;
    sum += row[a]! * (2 * (s0 + s1 + s2 + s3) + triangle[at + a]! * row[a]!);
  }
  return sum;
}

/** The symmetric part of a block of a matrix. */
function block(matrix: Float64Array, width: number, rows: number, columns: number, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const [there, back] = [matrix[(rows + a) * width + columns + b]!, matrix[(rows + b) * width + columns + a]!];
      out[a * size + b] = (there + back) / 2;
    }
  }
  return out;
}

/** As `errorPredictor`, where the axes have the same terms: a quarter of the products, or an eighth where they err alike. */
function axisPredictor(fit: Fit, axis: NonNullable<Fit['basis']['axis']>): (u: number, v: number) => Covariance2 {
  const size = axis.count;
  const part = (rows: number, columns: number): Float64Array =>
    block(fit.parameterCovariance, 2 * size, rows, columns, size);
  const [xx, xy, yy] = [part(0, 0), part(0, size), part(size, size)];
  const alike = xy.every((v) => v === 0) && xx.every((v, i) => v === yy[i]);
  const row = new Float64Array(size);
  return (u, v) => {
    axis.write(u, v, row);
    const first = quadratic(xx, size, row);
    return alike ? [first, 0, first] : [first, quadratic(xy, size, row), quadratic(yy, size, row)];
  };
}

/** As `errorPredictor`, of any model. */
function plainPredictor({ basis, parameterCovariance: c, parameters }: Fit): (u: number, v: number) => Covariance2 {
  const size = basis.parameterCount;
  const [rowX, rowY, out] = [new Float64Array(size), new Float64Array(size), new Float64Array(2)];
  return (u, v) => {
    basis.predict(parameters, u, v, out, rowX, rowY);
    let [xx, xy, yy] = [0, 0, 0];
    for (let i = 0; i < size; i++) {
      let cx = 0;
      let cy = 0;
      for (let j = 0; j < size; j++) {
        cx += c[i * size + j]! * rowX[j]!;
        cy += c[i * size + j]! * rowY[j]!;
      }
      xx += rowX[i]! * cx;
      xy += rowX[i]! * cy;
      yy += rowY[i]! * cy;
    }
    return [xx, xy, yy];
  };
}

/** Prepares `predictCovariance` of a fit for many points. */
export function errorPredictor(fit: Fit): (x: number, y: number) => Covariance2 {
  const { basis, normalisation: n } = fit;
  const at = basis.axis === undefined ? plainPredictor(fit) : axisPredictor(fit, basis.axis);
  return (x, y) => at((x - n.sourceX) / n.scale, (y - n.sourceY) / n.scale);
}

/** The covariance `[xx, xy, yy]`, px² of the target, of where the fitted transform maps the source point (x, y). */
export function predictCovariance(fit: Fit, x: number, y: number): Covariance2 {
  return errorPredictor(fit)(x, y);
}
