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
    const row = i * size;
    let j = 0;
    // Four columns at once: their sums do not wait for each other.
    for (; j + 3 < i; j += 4) {
      const [r0, r1, r2, r3] = [j * size, (j + 1) * size, (j + 2) * size, (j + 3) * size];
      const si = scale[i]!;
      let s0 = matrix[row + j]! / (si * scale[j]!);
      let s1 = matrix[row + j + 1]! / (si * scale[j + 1]!);
      let s2 = matrix[row + j + 2]! / (si * scale[j + 2]!);
      let s3 = matrix[row + j + 3]! / (si * scale[j + 3]!);
      for (let k = 0; k < j; k++) {
        const value = lower[row + k]!;
        s0 -= value * lower[r0 + k]!;
        s1 -= value * lower[r1 + k]!;
        s2 -= value * lower[r2 + k]!;
        s3 -= value * lower[r3 + k]!;
      }
      s0 /= lower[r0 + j]!;
      s1 = (s1 - s0 * lower[r1 + j]!) / lower[r1 + j + 1]!;
      s2 = (s2 - s0 * lower[r2 + j]! - s1 * lower[r2 + j + 1]!) / lower[r2 + j + 2]!;
      s3 = (s3 - s0 * lower[r3 + j]! - s1 * lower[r3 + j + 1]! - s2 * lower[r3 + j + 2]!) / lower[r3 + j + 3]!;
      lower[row + j] = s0;
      lower[row + j + 1] = s1;
      lower[row + j + 2] = s2;
      lower[row + j + 3] = s3;
    }
    for (; j <= i; j++) {
      let sum = matrix[row + j]! / (scale[i]! * scale[j]!);
      for (let k = 0; k < j; k++) sum -= lower[row + k]! * lower[j * size + k]!;
      if (i === j) {
        if (!(sum > tolerance)) return null;
        lower[row + i] = Math.sqrt(sum);
      } else {
        lower[row + j] = sum / lower[j * size + j]!;
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
  // Row by row: columns of a large factor lie far apart in memory.
  for (let i = size - 1; i >= 0; i--) {
    const value = out[i]! / lower[i * size + i]!;
    out[i] = value / scale[i]!;
    for (let k = 0; k < i; k++) out[k]! -= value * lower[i * size + k]!;
  }
  return out;
}

/** The inverse of A, row-major n × n. */
export function invertCholesky(factor: CholeskyFactor): Float64Array {
  const { size, lower, scale } = factor;
  const inverse = new Float64Array(size * size);
  /** The inverse of L, a row at a time from the rows before it. */
  const root = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    const pivot = 1 / lower[row + i]!;
    for (let k = 0; k < i; k++) {
      const value = -lower[row + k]! * pivot;
      if (value === 0) continue;
      for (let j = 0; j <= k; j++) root[row + j]! += value * root[k * size + j]!;
    }
    root[row + i] = pivot;
    for (let a = 0; a <= i; a++) {
      const value = root[row + a]!;
      for (let b = 0; b <= a; b++) inverse[a * size + b]! += value * root[row + b]!;
    }
  }
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const value = inverse[a * size + b]! / (scale[a]! * scale[b]!);
      inverse[a * size + b] = value;
      inverse[b * size + a] = value;
    }
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
