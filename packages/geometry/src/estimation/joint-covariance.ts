import type { Fit } from './fit.js';

/**
 * The covariance of where a fit maps several points, of all of them together: what errors at one place say of those at another.
 *
 * @param points - interleaved source points
 * @returns row-major 2n × 2n for n points, in the order x, y, x, y, …, px² of the target
 */
export function jointCovariance(fit: Fit, points: Float64Array): Float64Array {
  const { basis, normalisation: n, parameters, parameterCovariance } = fit;
  const [size, rows] = [basis.parameterCount, points.length];
  const design = new Float64Array(rows * size);
  const out = new Float64Array(2);
  for (let k = 0; k < rows; k += 2) {
    const [u, v] = [(points[k]! - n.sourceX) / n.scale, (points[k + 1]! - n.sourceY) / n.scale];
    const row = (of: number): Float64Array => design.subarray(of * size, (of + 1) * size);
    basis.predict(parameters, u, v, out, row(k), row(k + 1));
  }
  const half = new Float64Array(rows * size);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += design[r * size + j]! * parameterCovariance[j * size + i]!;
      half[r * size + i] = sum;
    }
  }
  const covariance = new Float64Array(rows * rows);
  for (let r = 0; r < rows; r++) {
    for (let s = 0; s < rows; s++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += half[r * size + i]! * design[s * size + i]!;
      covariance[r * rows + s] = sum;
    }
  }
  return covariance;
}
