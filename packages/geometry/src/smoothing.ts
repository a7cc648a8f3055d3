import { type CholeskyFactor, factorCholesky, invertCholesky, solveCholesky } from './cholesky.js';
import type { NormalEquations } from './normal-equations.js';

/** The inverse of `matrix + factor · penalty` as a Cholesky factor, or null where it is singular. */
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
 * Chooses the factor of a penalty by generalised cross-validation, with degrees of freedom counted 1.4 times against
 * overfitting (Kim & Gu 2004). Null where the equations are singular for every factor.
 * @param equations summed at parameters 0, so that their residuals are the targets.
 */
export function chooseSmoothing(equations: NormalEquations, penalty: Float64Array): number | null {
  const size = equations.right.length;
  let data = 0;
  let bending = 0;
  for (let i = 0; i < size; i++) {
    if (penalty[i * size + i]! <= 0) continue;
    data += equations.matrix[i * size + i]!;
    bending += penalty[i * size + i]!;
  }
  const unit = bending > 0 ? data / bending : 1;
  const observations = 2 * equations.count;
  let best: number | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (let exponent = 4; exponent >= -8; exponent--) {
    const factor = unit * 10 ** exponent;
    const cholesky = factorPenalised(equations.matrix, penalty, factor, size);
    if (cholesky === null) continue;
    best ??= factor;
    const solution = solveCholesky(cholesky, equations.right);
    let cross = 0;
    let squared = 0;
    for (let i = 0; i < size; i++) {
      cross += solution[i]! * equations.right[i]!;
      for (let j = 0; j < size; j++) squared += solution[i]! * equations.matrix[i * size + j]! * solution[j]!;
    }
    const left = Math.max(0, equations.sumSquares - 2 * cross + squared);
    const freedom = observations - 1.4 * traceOfProduct(equations.matrix, invertCholesky(cholesky));
    if (freedom <= 0) continue;
    const score = left / freedom ** 2;
    if (score < bestScore) {
      bestScore = score;
      best = factor;
    }
  }
  return best;
}
