import { invertTransform, matrixJacobian, matrixPoint, type MatrixTransform } from './matrix-transform.js';
import type { Jacobian } from './jacobian.js';
import type { Model } from './model.js';
import { models } from './models.js';

/** A map from one pixel plane to another, in the corner convention: (0, 0) is the outer corner of the first pixel. */
export type Transform = (typeof models)[number] extends infer M ? (M extends Model<infer T> ? T : never) : never;

/** The name of a transform model, as on the command line. */
export type TransformModel = Transform['model'];

/** Every model name, simplest first. */
export const transformModels: readonly TransformModel[] = models.map(({ name }) => name);

const byName = Object.fromEntries(models.map((model) => [model.name, model])) as unknown as Readonly<
  Record<TransformModel, Model<Transform>>
>;

/** What is known of a model. */
export function modelOf(name: TransformModel): Model<Transform> {
  return byName[name];
}

/** How many correspondences determine the model at the least. */
export function minimalCount(name: TransformModel): number {
  return byName[name].minimalCount;
}

/** Whether the transform is a matrix. */
export function isMatrixTransform(transform: Transform): transform is MatrixTransform {
  return 'matrix' in transform;
}

/** Maps one point. A projective transform maps points on its horizon to infinity or NaN. */
export function transformPoint(transform: Transform, x: number, y: number): [number, number] {
  return isMatrixTransform(transform) ? matrixPoint(transform, x, y) : byName[transform.model].point(transform, x, y);
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
  const { point } = byName[transform.model];
  for (let k = 0; k + 1 < points.length; k += 2) {
    const [x, y] = point(transform, points[k]!, points[k + 1]!);
    out[k] = x;
    out[k + 1] = y;
  }
  return out;
}

/** The partial derivatives `[∂X/∂x, ∂X/∂y, ∂Y/∂x, ∂Y/∂y]` of the mapped point (X, Y) at (x, y). */
export function jacobianAt(transform: Transform, x: number, y: number): Jacobian {
  return isMatrixTransform(transform)
    ? matrixJacobian(transform, x, y)
    : byName[transform.model].jacobian(transform, x, y);
}

/**
 * The transform `after` ∘ `transform` ∘ `before` of affine maps, exactly: for images of other resolution or extent than those that
 * were registered.
 *
 * @returns null where a bent model is to be turned or stretched unevenly before, or a map is singular
 */
export function adaptTransform(
  transform: Transform,
  before: MatrixTransform,
  after: MatrixTransform,
): Transform | null {
  return invertTransform(before) === null ? null : byName[transform.model].adapt(transform, before, after);
}

/** What a transform holds beside the model's name, as it stands in JSON; `parse` of its model reads it. */
export function parametersOf(transform: Transform): unknown {
  if (isMatrixTransform(transform)) return transform.matrix;
  const { model: _, ...parameters } = transform;
  return parameters;
}
