/**
 * Householder reflections whose product Q turns the columns of an m × n matrix (row-major, m > n) into the first n axes: vectors
 * that are orthogonal to every column are those whose first n coordinates by Q vanish. Null where the columns are dependent.
 */
export function constraintReflectors(matrix: Float64Array, m: number, n: number): readonly Float64Array[] | null {
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
  return reflectors;
}

function reflect(reflector: Float64Array, vector: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < reflector.length; i++) dot += reflector[i]! * vector[i]!;
  for (let i = 0; i < reflector.length; i++) vector[i]! -= 2 * dot * reflector[i]!;
}

/** Qᵀ v in place, in 4 n m operations: past the first n elements stand the coordinates in the null space. */
export function intoNullSpace(reflectors: readonly Float64Array[], vector: Float64Array): void {
  for (const reflector of reflectors) reflect(reflector, vector);
}

/** Q v in place: with zeros first, the vector of the null space that has the coordinates which follow. */
export function outOfNullSpace(reflectors: readonly Float64Array[], vector: Float64Array): void {
  for (let j = reflectors.length - 1; j >= 0; j--) reflect(reflectors[j]!, vector);
}
