import { type CholeskyFactor, factorCholesky, logDeterminant, solveCholesky } from '../linear/cholesky.js';
import type { ModelBasis } from '../models/model.js';
import type { NormalEquations } from './normal-equations.js';

/** The Cholesky factor of `matrix + factor · penalty`, or null where it is singular. */
export function factorPenalised(
  matrix: Float64Array,
  penalty: Float64Array,
  factor: number,
  size: number,
): CholeskyFactor | null {
  const sum = new Float64Array(matrix.length);
  for (let i = 0; i < sum.length; i++) sum[i] = matrix[i]! + factor * penalty[i]!;
  return factorCholesky(sum, size);
}

/** The trace of A·B for symmetric matrices of equal size. */
export function traceOfProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/**
 * Chooses the factor of a penalty by restricted maximum likelihood with the noise's scale profiled out (Wahba 1985, "GML"):
 * on few points it follows the data closer than cross-validation, and it needs no inverse.
 * Null where the equations are singular for every factor.
 * @param equations summed at parameters 0, so that their residuals are the targets.
 */
export function chooseSmoothing(
  equations: NormalEquations,
  { matrix: penalty, rank }: NonNullable<ModelBasis['penalty']>,
): number | null {
  const size = equations.right.length;
  let data = 0;
  let bending = 0;
  for (let i = 0; i < size; i++) {
    if (penalty[i * size + i]! <= 0) continue;
    data += equations.matrix[i * size + i]!;
    bending += penalty[i * size + i]!;
  }
  const unit = bending > 0 ? data / bending : 1;
  const freedom = 2 * equations.count - (size - rank);
  const devianceAt = (exponent: number): number => {
    const factor = unit * 10 ** exponent;
    const cholesky = factorPenalised(equations.matrix, penalty, factor, size);
    if (cholesky === null) return Number.POSITIVE_INFINITY;
    const solution = solveCholesky(cholesky, equations.right);
    // At the minimum, squared residuals + factor · bending = yᵀWy − θᵀBᵀWy.
    let explained = 0;
    for (let i = 0; i < size; i++) explained += solution[i]! * equations.right[i]!;
    const left = Math.max(equations.sumSquares - explained, 1e-12 * equations.sumSquares);
    return freedom * Math.log(left) + logDeterminant(cholesky) - rank * Math.log(factor);
  };
  const leastOf = (exponents: readonly number[]): number | null => {
    const deviances = exponents.map(devianceAt);
    const least = Math.min(...deviances);
    return least < Number.POSITIVE_INFINITY ? exponents[deviances.indexOf(least)]! : null;
  };
  const rough = leastOf([4, 3, 2, 1, 0, -1, -2, -3, -4, -5, -6, -7, -8, -9]);
  const best = rough === null ? null : leastOf([rough + 0.5, rough, rough - 0.5]);
  return best === null ? null : unit * 10 ** best;
}
