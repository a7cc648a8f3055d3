/**
 * An orthonormal basis of the vectors that are orthogonal to every column of an m × n matrix (row-major, m > n):
 * the last m − n columns of Q in its QR decomposition by Householder reflections, row-major m × (m − n).
 * Null where the columns are linearly dependent.
 */
export function constraintNullSpace(matrix: Float64Array, m: number, n: number): Float64Array | null {
  const a = Float64Array.from(matrix);
  const reflectors: Float64Array[] = [];
  for (let j = 0; j < n; j++) {
    let norm = 0;
    let whole = 0;
    for (let i = 0; i < m; i++) {
      const value = a[i * n + j]!;
      whole += value * value;
      if (i >= j) norm += value * value;
    }
    // What is left of the column after the earlier ones are taken out of it.
    if (!(norm > 1e-20 * whole)) return null;
    const v = new Float64Array(m);
    for (let i = j; i < m; i++) v[i] = a[i * n + j]!;
    v[j]! += Math.sign(v[j]! || 1) * Math.sqrt(norm);
    let length = 0;
    for (let i = j; i < m; i++) length += v[i]! * v[i]!;
    length = Math.sqrt(length);
    for (let i = j; i < m; i++) v[i]! /= length;
    for (let c = j; c < n; c++) {
      let dot = 0;
      for (let i = j; i < m; i++) dot += v[i]! * a[i * n + c]!;
      for (let i = j; i < m; i++) a[i * n + c]! -= 2 * dot * v[i]!;
    }
    reflectors.push(v);
  }
  const free = m - n;
  const out = new Float64Array(m * free);
  for (let c = 0; c < free; c++) {
    out[(n + c) * free + c] = 1;
    for (let j = n - 1; j >= 0; j--) {
      const v = reflectors[j]!;
      let dot = 0;
      for (let i = j; i < m; i++) dot += v[i]! * out[i * free + c]!;
      for (let i = j; i < m; i++) out[i * free + c]! -= 2 * dot * v[i]!;
    }
  }
  return out;
}
