import { bsplineJacobian, bsplinePoint, type BsplineTransform } from './bspline.js';
import type { Matrix3 } from './matrix.js';
import { polynomialJacobian, polynomialPoint, type PolynomialTransform } from './polynomial.js';
import { tpsJacobian, tpsPoint, type TpsTransform } from './thin-plate-spline.js';

/** The models that are one 3 × 3 matrix. */
export type MatrixModel = 'translation' | 'similarity' | 'affine' | 'projective';

/** The models that smooth: how closely they follow the points is chosen by the points themselves. */
export type SplineModel = 'tps' | 'bspline';

/** The names of all transform models, as on the command line. */
export type TransformModel = MatrixModel | 'polynomial2' | 'polynomial3' | SplineModel;

/** Every model name, simplest first. */
export const transformModels: readonly TransformModel[] = [
  'translation',
  'similarity',
  'affine',
  'projective',
  'polynomial2',
  'polynomial3',
  'tps',
  'bspline',
];

/** A map of the plane given by a matrix on homogeneous coordinates. */
export interface MatrixTransform {
  readonly model: MatrixModel;
  readonly matrix: Matrix3;
}

/** A map from one pixel plane to another, in the corner convention: (0, 0) is the outer corner of the first pixel. */
export type Transform = MatrixTransform | PolynomialTransform | TpsTransform | BsplineTransform;

/** Whether the transform is a matrix. */
export function isMatrixTransform(transform: Transform): transform is MatrixTransform {
  return 'matrix' in transform;
}

/** Maps one point. A projective transform maps points on its horizon to infinity or NaN. */
export function transformPoint(transform: Transform, x: number, y: number): [number, number] {
  if (isMatrixTransform(transform)) {
    const [a, b, c, d, e, f, g, h, i] = transform.matrix;
    const w = g * x + h * y + i;
    return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
  }
  switch (transform.model) {
    case 'tps':
      return tpsPoint(transform, x, y);
    case 'bspline':
      return bsplinePoint(transform, x, y);
    default:
      return polynomialPoint(transform, x, y);
  }
}

/**
 * Maps interleaved points `[x0, y0, x1, y1, …]`.
 * @param out receives the mapped points; may be `points` itself. A new array where absent.
 */
export function applyTransform(
  transform: Transform,
  points: Float64Array,
  out: Float64Array = new Float64Array(points.length),
): Float64Array {
  if (isMatrixTransform(transform)) {
    const [a, b, c, d, e, f, g, h, i] = transform.matrix;
    for (let k = 0; k + 1 < points.length; k += 2) {
      const x = points[k]!;
      const y = points[k + 1]!;
      const w = 1 / (g * x + h * y + i);
      out[k] = (a * x + b * y + c) * w;
      out[k + 1] = (d * x + e * y + f) * w;
    }
    return out;
  }
  for (let k = 0; k + 1 < points.length; k += 2) {
    const [x, y] = transformPoint(transform, points[k]!, points[k + 1]!);
    out[k] = x;
    out[k + 1] = y;
  }
  return out;
}

/** The partial derivatives `[∂X/∂x, ∂X/∂y, ∂Y/∂x, ∂Y/∂y]` of the mapped point (X, Y) at (x, y). */
export function jacobianAt(transform: Transform, x: number, y: number): [number, number, number, number] {
  if (isMatrixTransform(transform)) {
    const [a, b, c, d, e, f, g, h, i] = transform.matrix;
    const w = 1 / (g * x + h * y + i);
    const X = (a * x + b * y + c) * w;
    const Y = (d * x + e * y + f) * w;
    return [(a - X * g) * w, (b - X * h) * w, (d - Y * g) * w, (e - Y * h) * w];
  }
  switch (transform.model) {
    case 'tps':
      return tpsJacobian(transform, x, y);
    case 'bspline':
      return bsplineJacobian(transform, x, y);
    default:
      return polynomialJacobian(transform, x, y);
  }
}
