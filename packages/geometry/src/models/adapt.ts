import type { BsplineTransform } from './bspline.js';
import { composeTransforms, invertTransform } from './compose.js';
import type { PolynomialTransform } from './polynomial.js';
import type { TpsTransform } from './thin-plate-spline.js';
import { isMatrixTransform, type MatrixTransform, type Transform, transformPoint } from './transform.js';

/** A transform that is not a matrix: its results depend linearly on its coefficients. */
type BentTransform = PolynomialTransform | TpsTransform | BsplineTransform;

/** `after` ∘ `transform` for an affine map: the same combination of the coefficients of both axes. */
function mapResult(transform: BentTransform, { matrix: [a, b, c, d, e, f] }: MatrixTransform): BentTransform {
  const combine = (x: readonly number[], y: readonly number[]): [number[], number[]] => [
    x.map((v, i) => a * v + b * y[i]!),
    x.map((v, i) => d * v + e * y[i]!),
  ];
  switch (transform.model) {
    case 'tps': {
      const [weightsX, weightsY] = combine(transform.weightsX, transform.weightsY);
      const [[x0, xu, xv], [y0, yu, yv]] = combine(transform.affineX, transform.affineY) as [
        [number, number, number],
        [number, number, number],
      ];
      return { ...transform, weightsX, weightsY, affineX: [x0 + c, xu, xv], affineY: [y0 + f, yu, yv] };
    }
    case 'bspline': {
      const [valuesX, valuesY] = combine(transform.valuesX, transform.valuesY);
      // The splines sum to one everywhere.
      return { ...transform, valuesX: valuesX.map((v) => v + c), valuesY: valuesY.map((v) => v + f) };
    }
    default: {
      const [coefficientsX, coefficientsY] = combine(transform.coefficientsX, transform.coefficientsY);
      coefficientsX[0]! += c;
      coefficientsY[0]! += f;
      return { ...transform, coefficientsX, coefficientsY };
    }
  }
}

/** `transform` ∘ `before` for a shift and a scale; null where the model cannot hold it. */
function mapArgument(transform: BentTransform, before: MatrixTransform): BentTransform | null {
  const [a, b, , d, e] = before.matrix;
  if (Math.abs(b) > 1e-12 * Math.abs(a) || Math.abs(d) > 1e-12 * Math.abs(e) || !(a > 0 && e > 0)) return null;
  const origin = transformPoint(invertTransform(before)!, transform.origin[0], transform.origin[1]);
  if (transform.model === 'bspline') {
    return { ...transform, origin, spacing: [transform.spacing[0] / a, transform.spacing[1] / e] };
  }
  // Polynomials and thin plates are normalised by one scale for both axes.
  if (Math.abs(a / e - 1) > 1e-9) return null;
  return { ...transform, origin, scale: transform.scale / a };
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
  if (invertTransform(before) === null) return null;
  if (isMatrixTransform(transform)) return composeTransforms(after, composeTransforms(transform, before));
  const moved = mapArgument(transform, before);
  return moved && mapResult(moved, after);
}
