import { type Covariance2, type Fit, inverseTransformPoint, predictCovariance } from '@tiepoint/geometry';

/** The predicted covariance of a transform all over the reference, on a lattice: plain data. */
export interface ErrorField {
  /** Size of the reference, px. */
  readonly width: number;
  readonly height: number;
  /** Nodes along x and y, from the first pixel's outer corner to the last one's. */
  readonly columns: number;
  readonly rows: number;
  /** [xx, xy, yy] of each node, row by row, px² of the reference; NaN where nothing is mapped to. */
  readonly covariance: Float64Array;
  /** Largest relative error of the standard deviation halfway between nodes, where interpolating is worst. */
  readonly interpolationError: number;
}

/** Cells along each side that are tried, until interpolating between their nodes is good enough. */
const cellCounts = [16, 32, 64, 128];
const goodEnough = 0.005;

/** The standard deviation of an axis if both were alike: the root of the mean of the two variances. Unit of the covariance's root. */
export function circularSd([xx, , yy]: Covariance2): number {
  return Math.sqrt((xx + yy) / 2);
}

/** The covariance of the fit at a point of the reference; NaN where no sensed point is mapped to it. */
function fitCovariance(fit: Fit, [sx, sy]: readonly [number, number], x: number, y: number): Covariance2 {
  const at = inverseTransformPoint(fit.transform, x / sx, y / sy);
  if (at === null) return [Number.NaN, Number.NaN, Number.NaN];
  const [xx, xy, yy] = predictCovariance(fit, at[0], at[1]);
  return [xx * sx * sx, xy * sx * sy, yy * sy * sy];
}

/**
 * The covariance of the transform at a point of the reference, px² of the reference: interpolated between nodes, beyond the
 * image's edge that of the edge.
 */
export function covarianceAt(field: ErrorField, x: number, y: number): Covariance2 {
  const { width, height, columns, rows, covariance } = field;
  const u = Math.min(columns - 1, Math.max(0, (x / width) * (columns - 1)));
  const v = Math.min(rows - 1, Math.max(0, (y / height) * (rows - 1)));
  const column = Math.min(columns - 2, Math.floor(u));
  const row = Math.min(rows - 2, Math.floor(v));
  const [s, t] = [u - column, v - row];
  const part = (k: number): number => {
    const at = 3 * (row * columns + column) + k;
    const below = at + 3 * columns;
    return (
      (1 - t) * ((1 - s) * covariance[at]! + s * covariance[at + 3]!) +
      t * ((1 - s) * covariance[below]! + s * covariance[below + 3]!)
    );
  };
  return [part(0), part(1), part(2)];
}

/** Relative error of the field's standard deviation at the cells' centres and the middles of their sides. */
function worstBetweenNodes(field: ErrorField, exact: (x: number, y: number) => Covariance2): number {
  const { width, height, columns, rows } = field;
  let worst = 0;
  for (let row = 0; row < rows - 1; row++) {
    for (let column = 0; column < columns - 1; column++) {
      for (const [s, t] of [
        [0.5, 0.5],
        [0.5, 0],
        [0, 0.5],
      ] as const) {
        const x = ((column + s) * width) / (columns - 1);
        const y = ((row + t) * height) / (rows - 1);
        const truth = circularSd(exact(x, y));
        const error = Math.abs(circularSd(covarianceAt(field, x, y)) / truth - 1);
        // NaN where the transform has no inverse: there is nothing to be right about.
        if (error > worst) worst = error;
      }
    }
  }
  return worst;
}

/**
 * Propagates the parameters' covariance of a fit to every place of the reference. The lattice is refined until its standard
 * deviation is within half a per cent of `predictCovariance` between nodes, or has 129 nodes a side.
 *
 * @param size - of the reference, px
 * @param scale - px of the reference per px that the fit maps to, along x and y
 * @param origin - px of the reference where the px that the fit maps to begin
 */
export function predictErrorField(
  fit: Fit,
  size: { readonly width: number; readonly height: number },
  scale: readonly [number, number] = [1, 1],
  origin: readonly [number, number] = [0, 0],
): ErrorField {
  const { width, height } = size;
  const exact = (x: number, y: number): Covariance2 => fitCovariance(fit, scale, x - origin[0], y - origin[1]);
  let field: ErrorField | null = null;
  for (const cells of cellCounts) {
    const nodes = cells + 1;
    const covariance = new Float64Array(3 * nodes * nodes);
    for (let i = 0; i < nodes * nodes; i++) {
      covariance.set(exact(((i % nodes) / cells) * width, (Math.floor(i / nodes) / cells) * height), 3 * i);
    }
    field = { width, height, columns: nodes, rows: nodes, covariance, interpolationError: 0 };
    field = { ...field, interpolationError: worstBetweenNodes(field, exact) };
    if (field.interpolationError <= goodEnough) break;
  }
  return field!;
}
