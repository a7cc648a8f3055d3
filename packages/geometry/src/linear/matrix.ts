/** A 3 × 3 matrix, row-major: `[a, b, c, d, e, f, g, h, i]` maps (x, y) to ((ax + by + c) / w, (dx + ey + f) / w), w = gx + hy + i. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** The matrix that maps every point to itself. */
export const identityMatrix: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The product `a · b`: applied to a column vector, `b` acts first. */
export function multiplyMatrices(a: Matrix3, b: Matrix3): Matrix3 {
  const [a0, a1, a2, a3, a4, a5, a6, a7, a8] = a;
  const [b0, b1, b2, b3, b4, b5, b6, b7, b8] = b;
  return [
    a0 * b0 + a1 * b3 + a2 * b6,
    a0 * b1 + a1 * b4 + a2 * b7,
    a0 * b2 + a1 * b5 + a2 * b8,
    a3 * b0 + a4 * b3 + a5 * b6,
    a3 * b1 + a4 * b4 + a5 * b7,
    a3 * b2 + a4 * b5 + a5 * b8,
    a6 * b0 + a7 * b3 + a8 * b6,
    a6 * b1 + a7 * b4 + a8 * b7,
    a6 * b2 + a7 * b5 + a8 * b8,
  ];
}

/** The determinant. */
export function determinant(m: Matrix3): number {
  const [a, b, c, d, e, f, g, h, i] = m;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** The inverse by the adjugate, or null where the matrix is singular (determinant 0 or not finite). */
export function invertMatrix(m: Matrix3): Matrix3 | null {
  const [a, b, c, d, e, f, g, h, i] = m;
  const det = determinant(m);
  if (det === 0 || !Number.isFinite(det)) return null;
  const s = 1 / det;
  return [
    (e * i - f * h) * s,
    (c * h - b * i) * s,
    (b * f - c * e) * s,
    (f * g - d * i) * s,
    (a * i - c * g) * s,
    (c * d - a * f) * s,
    (d * h - e * g) * s,
    (b * g - a * h) * s,
    (a * e - b * d) * s,
  ];
}

/** The same projective map with a last element of 1 (left alone where that element is 0). */
export function normaliseMatrix(m: Matrix3): Matrix3 {
  const s = m[8];
  if (s === 0 || s === 1) return m;
  return [m[0] / s, m[1] / s, m[2] / s, m[3] / s, m[4] / s, m[5] / s, m[6] / s, m[7] / s, 1];
}

/** Whether a value is nine finite numbers. */
export function isMatrix3(value: unknown): value is Matrix3 {
  return Array.isArray(value) && value.length === 9 && value.every(Number.isFinite);
}
