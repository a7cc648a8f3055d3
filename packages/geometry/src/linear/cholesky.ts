/**
 * Factors a symmetric positive definite n × n matrix A (row-major, only its lower triangle is read) as D L Lᵀ D,
 * where D² is its diagonal: scaling first makes the test for singularity independent of the units of the unknowns.
 */
export interface CholeskyFactor {
  readonly size: number;
  /** The lower triangle L, row-major n × n. */
  readonly lower: Float64Array;
  /** The square roots of the diagonal of A. */
  readonly scale: Float64Array;
}

/** The Cholesky factor, or null where the matrix is not positive definite (a scaled pivot under `tolerance`). */
export function factorCholesky(matrix: Float64Array, size: number, tolerance = 1e-12): CholeskyFactor | null {
  const lower = new Float64Array(size * size);
  const scale = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const diagonal = matrix[i * size + i]!;
    if (!(diagonal > 0) || !Number.isFinite(diagonal)) return null;
    scale[i] = Math.sqrt(diagonal);
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]! / (scale[i]! * scale[j]!);
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!;
      if (i === j) {
        if (!(sum > tolerance)) return null;
        lower[i * size + i] = Math.sqrt(sum);
      } else {
        lower[i * size + j] = sum / lower[j * size + j]!;
      }
    }
  }
  return { size, lower, scale };
}

/** Solves A x = b. `out` may be `b`. */
export function solveCholesky(
  factor: CholeskyFactor,
  b: Float64Array,
  out: Float64Array = new Float64Array(factor.size),
): Float64Array {
  const { size, lower, scale } = factor;
  for (let i = 0; i < size; i++) {
    let sum = b[i]! / scale[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * size + k]! * out[k]!;
    out[i] = sum / lower[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = out[i]!;
    for (let k = i + 1; k < size; k++) sum -= lower[k * size + i]! * out[k]!;
    out[i] = sum / lower[i * size + i]!;
  }
  for (let i = 0; i < size; i++) out[i] = out[i]! / scale[i]!;
  return out;
}

/** The inverse of A, row-major n × n. */
export function invertCholesky(factor: CholeskyFactor): Float64Array {
  const { size } = factor;
  const inverse = new Float64Array(size * size);
  const column = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    column.fill(0);
    column[j] = 1;
    solveCholesky(factor, column, column);
    for (let i = 0; i < size; i++) inverse[i * size + j] = column[i]!;
  }
  return inverse;
}

/** The logarithm of the determinant of A. */
export function logDeterminant(factor: CholeskyFactor): number {
  const { size, lower, scale } = factor;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += 2 * Math.log(lower[i * size + i]! * scale[i]!);
  return sum;
}
