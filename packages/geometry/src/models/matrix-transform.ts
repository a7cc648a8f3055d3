import { identityMatrix, invertMatrix, type Matrix3, multiplyMatrices, normaliseMatrix } from '../linear/matrix.js';
import type { Jacobian } from './jacobian.js';

/** The models that are one 3 × 3 matrix, from the least general to the most: of two, the composition is the later. */
const matrixModels = ['translation', 'similarity', 'affine', 'projective'] as const;

/** The name of a model that is one 3 × 3 matrix. */
export type MatrixModel = (typeof matrixModels)[number];

/** A map of the plane given by a matrix on homogeneous coordinates. */
export interface MatrixTransform {
  readonly model: MatrixModel;
  readonly matrix: Matrix3;
}

/** Maps one point. A projective transform maps points on its horizon to infinity or NaN. */
export function matrixPoint(
  { matrix: [a, b, c, d, e, f, g, h, i] }: MatrixTransform,
  x: number,
  y: number,
): [number, number] {
  const w = g * x + h * y + i;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

/** The partial derivatives at a point. */
export function matrixJacobian({ matrix }: MatrixTransform, x: number, y: number): Jacobian {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  const w = 1 / (g * x + h * y + i);
  const X = (a * x + b * y + c) * w;
  const Y = (d * x + e * y + f) * w;
  return [(a - X * g) * w, (b - X * h) * w, (d - Y * g) * w, (e - Y * h) * w];
}

/** The transform that applies `inner` first and `outer` to its result; its model is the more general of the two. */
export function composeTransforms(outer: MatrixTransform, inner: MatrixTransform): MatrixTransform {
  const model = matrixModels[Math.max(matrixModels.indexOf(outer.model), matrixModels.indexOf(inner.model))]!;
  return { model, matrix: normaliseMatrix(multiplyMatrices(outer.matrix, inner.matrix)) };
}

/** The inverse of a matrix transform, or null where it is singular. */
export function invertTransform(transform: MatrixTransform): MatrixTransform | null {
  const inverse = invertMatrix(transform.matrix);
  return inverse === null ? null : { model: transform.model, matrix: normaliseMatrix(inverse) };
}

/** The transform that leaves every point where it is. */
export const identity: MatrixTransform = { model: 'translation', matrix: identityMatrix };

/** Moves by (dx, dy) pixels. */
export function translation(dx: number, dy: number): MatrixTransform {
  return { model: 'translation', matrix: [1, 0, dx, 0, 1, dy, 0, 0, 1] };
}

/** Scales and rotates about (0, 0), then moves by (dx, dy). With y down, a positive angle (radians) turns clockwise on the screen. */
export function similarity(scale: number, angle: number, dx: number, dy: number): MatrixTransform {
  const a = scale * Math.cos(angle);
  const b = scale * Math.sin(angle);
  return { model: 'similarity', matrix: [a, -b, dx, b, a, dy, 0, 0, 1] };
}

/** X = ax + by + c, Y = dx + ey + f. */
export function affine(a: number, b: number, c: number, d: number, e: number, f: number): MatrixTransform {
  return { model: 'affine', matrix: [a, b, c, d, e, f, 0, 0, 1] };
}

/** A projective map, brought to a last element of 1 where it can be. */
export function projective(matrix: Matrix3): MatrixTransform {
  return { model: 'projective', matrix: normaliseMatrix(matrix) };
}
