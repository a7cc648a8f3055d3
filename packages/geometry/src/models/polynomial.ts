import type { Normalisation } from '../points/normalisation.js';
import { axisBasis } from './axis-basis.js';
import { combineAxes, moveArgument } from './bent-model.js';
import type { Jacobian } from './jacobian.js';
import type { Model, ModelBasis } from './model.js';
import { areNumbers, isPoint, isPositive, isRecord } from './parameters.js';

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

/** Writes the `count` polynomial terms of (u, v) to `out`. */
function polynomialTerms(u: number, v: number, count: number, out: Float64Array): void {
  out[0] = 1;
  out[1] = u;
  out[2] = v;
  out[3] = u * u;
  out[4] = u * v;
  out[5] = v * v;
  if (count <= 6) return;
  out[6] = u * u * u;
  out[7] = u * u * v;
  out[8] = u * v * v;
  out[9] = v * v * v;
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
function polynomialPoint(t: PolynomialTransform, x: number, y: number): [number, number] {
  const u = (x - t.origin[0]) / t.scale;
  const v = (y - t.origin[1]) / t.scale;
  return [evaluate(t.coefficientsX, u, v), evaluate(t.coefficientsY, u, v)];
}

/** The partial derivatives `[∂X/∂x, ∂X/∂y, ∂Y/∂x, ∂Y/∂y]` of a polynomial. */
function polynomialJacobian(t: PolynomialTransform, x: number, y: number): Jacobian {
  const u = (x - t.origin[0]) / t.scale;
  const v = (y - t.origin[1]) / t.scale;
  const [xu, xv] = gradient(t.coefficientsX, u, v);
  const [yu, yv] = gradient(t.coefficientsY, u, v);
  return [xu / t.scale, xv / t.scale, yu / t.scale, yv / t.scale];
}

function polynomialBasis(
  n: Normalisation,
  model: PolynomialTransform['model'],
  terms: number,
): ModelBasis<PolynomialTransform> {
  return axisBasis({ count: terms, write: (u, v, out) => polynomialTerms(u, v, terms, out) }, (p) => {
    const coefficientsX = Array.from(p.subarray(0, terms));
    const coefficientsY = Array.from(p.subarray(terms));
    coefficientsX[0]! += n.targetX;
    coefficientsY[0]! += n.targetY;
    return { model, origin: [n.sourceX, n.sourceY], scale: n.scale, coefficientsX, coefficientsY };
  });
}

/** @param terms - of each axis: 6 or 10 */
function polynomialModel(name: PolynomialTransform['model'], terms: number, via?: string): Model<PolynomialTransform> {
  return {
    name,
    minimalCount: terms,
    point: polynomialPoint,
    jacobian: polynomialJacobian,
    basis: (_points, n) => polynomialBasis(n, name, terms),
    estimation: { coarse: 'affine', widen: 4, rounds: 20, via },
    adapt: (transform, before, after) => {
      const moved = moveArgument(transform, before);
      if (moved === null) return null;
      const [coefficientsX, coefficientsY] = combineAxes(after, transform.coefficientsX, transform.coefficientsY);
      coefficientsX[0]! += after.matrix[2];
      coefficientsY[0]! += after.matrix[5];
      return { ...transform, ...moved, coefficientsX, coefficientsY };
    },
    parameters: `origin, scale and ${terms} coefficients an axis`,
    parse: (parameters) => {
      if (!isRecord(parameters)) return null;
      const { origin, scale, coefficientsX, coefficientsY } = parameters;
      if (!isPoint(origin) || !isPositive(scale)) return null;
      if (!areNumbers(coefficientsX, terms) || !areNumbers(coefficientsY, terms)) return null;
      return { model: name, origin, scale, coefficientsX, coefficientsY };
    },
  };
}

/** Polynomials of second and of third order. */
export const polynomial2Model = polynomialModel('polynomial2', 6);
export const polynomial3Model = polynomialModel('polynomial3', 10, 'polynomial2');
