import { type Covariance2, errorPredictor, type Fit, inverseTransformPoint } from '@tiepoint/geometry';

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

/** Cells along each side at first and at most, doubled until interpolating between their nodes is good enough. */
const cells = { fewest: 16, most: 128 };
const goodEnough = 0.005;

/** The standard deviation of an axis if both were alike: the root of the mean of the two variances. Unit of the covariance's root. */
export function circularSd([xx, , yy]: Covariance2): number {
  return Math.sqrt((xx + yy) / 2);
}

/** The covariance of the fit at points of the reference; NaN where no sensed point is mapped to one. */
function fitCovariance(fit: Fit, [sx, sy]: readonly [number, number]): (x: number, y: number) => Covariance2 {
  const errorAt = errorPredictor(fit);
  let last: readonly [number, number] | undefined;
  return (x, y) => {
    // Points are asked for row by row: the one before is a good start for an inverse that is iterated.
    const at =
      (last && inverseTransformPoint(fit.transform, x / sx, y / sy, last)) ??
      inverseTransformPoint(fit.transform, x / sx, y / sy);
    if (at === null) return [Number.NaN, Number.NaN, Number.NaN];
    last = at;
    const [xx, xy, yy] = errorAt(at[0], at[1]);
    return [xx * sx * sx, xy * sx * sy, yy * sy * sy];
  };
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

/** Relative error of a field's standard deviation at the cells' centres and the middles of their sides: nodes of the finer one. */
function worstBetweenNodes(field: ErrorField, finer: ErrorField): number {
  const { width, height, columns, rows } = field;
  let worst = 0;
  for (let row = 0; row < finer.rows - 1; row++) {
    for (let column = row % 2 === 0 ? 1 : 0; column < finer.columns - 1; column += row % 2 === 0 ? 2 : 1) {
      const [x, y] = [(column / 2 / (columns - 1)) * width, (row / 2 / (rows - 1)) * height];
      const at = 3 * (row * finer.columns + column);
      const truth = circularSd([finer.covariance[at]!, 0, finer.covariance[at + 2]!]);
      const error = Math.abs(circularSd(covarianceAt(field, x, y)) / truth - 1);
      // NaN where the transform has no inverse: there is nothing to be right about.
      if (error > worst) worst = error;
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
  const exact = fitCovariance(fit, scale);
  /** A lattice of so many cells a side; the nodes of one half as fine are nodes of it. */
  const lattice = (side: number, coarser: ErrorField | null): ErrorField => {
    const nodes = side + 1;
    const covariance = new Float64Array(3 * nodes * nodes);
    for (let row = 0; row < nodes; row++) {
      for (let column = 0; column < nodes; column++) {
        const at = 3 * (row * nodes + column);
        const known = coarser === null || row % 2 === 1 || column % 2 === 1 ? -1 : (row * coarser.columns + column) / 2;
        covariance.set(
          known < 0
            ? exact((column / side) * width - origin[0], (row / side) * height - origin[1])
            : coarser!.covariance.subarray(3 * known, 3 * known + 3),
          at,
        );
      }
    }
    return { width, height, columns: nodes, rows: nodes, covariance, interpolationError: 0 };
  };
  let field = lattice(cells.fewest, null);
  for (;;) {
    // What is between its nodes has to be computed to know how good it is: then the finer one is nearly there.
    const finer = lattice(2 * (field.columns - 1), field);
    const interpolationError = worstBetweenNodes(field, finer);
    if (interpolationError <= goodEnough || field.columns > cells.most) return { ...field, interpolationError };
    field = finer;
  }
}
