/**
 * A polynomial map of order 2 or 3 on normalised coordinates u = (x − origin₀) / scale, v = (y − origin₁) / scale.
 * Coefficients multiply the terms 1, u, v, u², uv, v², u³, u²v, uv², v³ (the first 6 for order 2) and give target pixels.
 */
export interface PolynomialTransform {
  readonly model: 'polynomial2' | 'polynomial3';
  readonly origin: readonly [number, number];
  readonly scale: number;
  readonly coefficientsX: readonly number[];
  readonly coefficientsY: readonly number[];
}

/** The number of terms of a polynomial model on each axis. */
export function polynomialTermCount(model: PolynomialTransform['model']): 6 | 10 {
  return model === 'polynomial2' ? 6 : 10;
}

/** Writes the `count` polynomial terms of (u, v) to `out` from `offset` on. */
export function polynomialTerms(u: number, v: number, count: number, out: Float64Array, offset = 0): void {
  out[offset] = 1;
  out[offset + 1] = u;
  out[offset + 2] = v;
  out[offset + 3] = u * u;
  out[offset + 4] = u * v;
  out[offset + 5] = v * v;
  if (count <= 6) return;
  out[offset + 6] = u * u * u;
  out[offset + 7] = u * u * v;
  out[offset + 8] = u * v * v;
  out[offset + 9] = v * v * v;
}

function evaluate(c: readonly number[], u: number, v: number): number {
  const low = c[0]! + c[1]! * u + c[2]! * v + c[3]! * u * u + c[4]! * u * v + c[5]! * v * v;
  if (c.length <= 6) return low;
  return low + c[6]! * u * u * u + c[7]! * u * u * v + c[8]! * u * v * v + c[9]! * v * v * v;
}

function gradient(c: readonly number[], u: number, v: number): [number, number] {
  const du = c[1]! + 2 * c[3]! * u + c[4]! * v;
  const dv = c[2]! + c[4]! * u + 2 * c[5]! * v;
  if (c.length <= 6) return [du, dv];
  return [
    du + 3 * c[6]! * u * u + 2 * c[7]! * u * v + c[8]! * v * v,
    dv + c[7]! * u * u + 2 * c[8]! * u * v + 3 * c[9]! * v * v,
  ];
}

/** Maps one point by a polynomial. */
export function polynomialPoint(t: PolynomialTransform, x: number, y: number): [number, number] {
  const u = (x - t.origin[0]) / t.scale;
  const v = (y - t.origin[1]) / t.scale;
  return [evaluate(t.coefficientsX, u, v), evaluate(t.coefficientsY, u, v)];
}

/** The partial derivatives `[∂X/∂x, ∂X/∂y, ∂Y/∂x, ∂Y/∂y]` of a polynomial. */
export function polynomialJacobian(t: PolynomialTransform, x: number, y: number): [number, number, number, number] {
  const u = (x - t.origin[0]) / t.scale;
  const v = (y - t.origin[1]) / t.scale;
  const [xu, xv] = gradient(t.coefficientsX, u, v);
  const [yu, yv] = gradient(t.coefficientsY, u, v);
  return [xu / t.scale, xv / t.scale, yu / t.scale, yv / t.scale];
}
