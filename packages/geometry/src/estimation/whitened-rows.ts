import type { Correspondences } from '../points/correspondences.js';
import type { Fit } from './fit.js';

/** The points that a fit rests on, in units of their own deviations: where all errors were independent, all rows would be. */
export interface WhitenedRows {
  readonly count: number;
  /** Parameters of the fit: the length of a row. */
  readonly size: number;
  /** Derivatives by the parameters of the first and the second whitened coordinate, a row of `size` a point. */
  readonly rows: readonly [Float64Array, Float64Array];
  /** Residuals of the two whitened coordinates. */
  readonly residuals: readonly [Float64Array, Float64Array];
  /** How a shift of one px along x changes the whitened coordinates, and one along y. */
  readonly shiftX: readonly [Float64Array, Float64Array];
  readonly shiftY: readonly [Float64Array, Float64Array];
  /** The least-squares weight of each point, above 0. */
  readonly weights: Float64Array;
  /** Interleaved positions, px of the target. */
  readonly positions: Float64Array;
  /** Mean variance per axis that the points claim, px² of the target. */
  readonly claimed: number;
}

/** The points `chosen` of a fit; their covariances must be there. */
export function whitenRows(
  points: Correspondences,
  fit: Fit,
  weights: Float64Array,
  chosen: readonly number[],
): WhitenedRows {
  const { basis, normalisation: n, parameters } = fit;
  const size = basis.parameterCount;
  const count = chosen.length;
  const pair = (length: number): [Float64Array, Float64Array] => [new Float64Array(length), new Float64Array(length)];
  const [rows, residuals, shiftX, shiftY] = [pair(count * size), pair(count), pair(count), pair(count)];
  const [rowX, rowY, out] = [new Float64Array(size), new Float64Array(size), new Float64Array(2)];
  let claimed = 0;
  for (const [k, i] of chosen.entries()) {
    const [xx, xy, yy] = [0, 1, 2].map((part) => points.covariance![3 * i + part]!) as [number, number, number];
    // The covariance is [[a, 0], [b, c]] times its transpose; the inverse of that factor whitens.
    const a = Math.sqrt(xx);
    const b = xy / a;
    const c = Math.sqrt(yy - b * b);
    const put = (to: readonly [Float64Array, Float64Array], at: number, x: number, y: number): void => {
      to[0][at] = x / a;
      to[1][at] = (y - (b * x) / a) / c;
    };
    const u = (points.source[2 * i]! - n.sourceX) / n.scale;
    const v = (points.source[2 * i + 1]! - n.sourceY) / n.scale;
    basis.predict(parameters, u, v, out, rowX, rowY);
    for (let p = 0; p < size; p++) put(rows, k * size + p, rowX[p]!, rowY[p]!);
    put(residuals, k, fit.residuals[2 * i]!, fit.residuals[2 * i + 1]!);
    put(shiftX, k, 1, 0);
    put(shiftY, k, 0, 1);
    claimed += (xx + yy) / 2 / count;
  }
  return {
    count,
    size,
    rows,
    residuals,
    shiftX,
    shiftY,
    weights: Float64Array.from(chosen, (i) => weights[i]!),
    positions: Float64Array.from(chosen.flatMap((i) => [points.target[2 * i]!, points.target[2 * i + 1]!])),
    claimed,
  };
}
