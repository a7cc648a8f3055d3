import type { Correspondences } from '../points/correspondences.js';
import { TiepointError } from '../error.js';
import type { ModelBasis } from '../models/model.js';
import type { Normalisation } from '../points/normalisation.js';

/** The weighted normal equations of one Gauss-Newton step, summed over the points of positive weight. */
export interface NormalEquations {
  /** Rows of `matrix`. */
  readonly size: number;
  /** 2 where one matrix serves both axes, which do not depend on each other: `right` holds X's side and then Y's. */
  readonly copies: 1 | 2;
  /** Σ w JᵀΣ⁻¹J, row-major, both triangles. */
  readonly matrix: Float64Array;
  /** Σ w JᵀΣ⁻¹r. */
  readonly right: Float64Array;
  /** Σ w² JᵀΣ⁻¹J: what the noise contributes when the weights say trust and not precision. `matrix` where it was not asked for. */
  readonly noise: Float64Array;
  /** Σ w rᵀΣ⁻¹r. */
  readonly sumSquares: number;
  /** Σ w. */
  readonly sumWeights: number;
  /** The number of points of positive weight. */
  readonly count: number;
}

/** Reads the inverse of the covariance of point `i` to `out`: the identity where there are no covariances. */
export function informationOf(points: Correspondences, i: number, out: Float64Array): void {
  if (points.covariance === undefined) {
    out[0] = 1;
    out[1] = 0;
    out[2] = 1;
    return;
  }
  const xx = points.covariance[3 * i]!;
  const xy = points.covariance[3 * i + 1]!;
  const yy = points.covariance[3 * i + 2]!;
  const det = xx * yy - xy * xy;
  if (!(xx > 0 && det > 0)) {
    throw new TiepointError('invalid-covariance', `Covariance ${i} is not positive definite: [${xx}, ${xy}, ${yy}].`, {
      hint: 'Give [xx, xy, yy] in squared pixels with xx > 0 and xx·yy > xy².',
      value: [xx, xy, yy],
    });
  }
  out[0] = yy / det;
  out[1] = -xy / det;
  out[2] = xx / det;
}

/** Sums the normal equations of any model at `parameters`; those whose axes have the same terms have cheaper ones (`sumAxisEquations`). */
export function sumNormalEquations(
  points: Correspondences,
  basis: ModelBasis,
  n: Normalisation,
  parameters: Float64Array,
  weights?: Float64Array,
): NormalEquations {
  const size = basis.parameterCount;
  const matrix = new Float64Array(size * size);
  const noise = weights === undefined ? matrix : new Float64Array(size * size);
  const right = new Float64Array(size);
  const rowX = new Float64Array(size);
  const rowY = new Float64Array(size);
  const information = new Float64Array(3);
  const predicted = new Float64Array(2);
  let sumSquares = 0;
  let sumWeights = 0;
  let count = 0;
  for (let i = 0; i < points.source.length / 2; i++) {
    const w = weights === undefined ? 1 : weights[i]!;
    if (!(w > 0)) continue;
    count++;
    sumWeights += w;
    informationOf(points, i, information);
    const u = (points.source[2 * i]! - n.sourceX) / n.scale;
    const v = (points.source[2 * i + 1]! - n.sourceY) / n.scale;
    basis.predict(parameters, u, v, predicted, rowX, rowY);
    const dx = points.target[2 * i]! - n.targetX - predicted[0]!;
    const dy = points.target[2 * i + 1]! - n.targetY - predicted[1]!;
    const ixx = information[0]! * w;
    const ixy = information[1]! * w;
    const iyy = information[2]! * w;
    const ex = ixx * dx + ixy * dy;
    const ey = ixy * dx + iyy * dy;
    sumSquares += dx * ex + dy * ey;
    for (let a = 0; a < size; a++) {
      const xa = rowX[a]!;
      const ya = rowY[a]!;
      if (xa === 0 && ya === 0) continue;
      right[a]! += xa * ex + ya * ey;
      const px = xa * ixx + ya * ixy;
      const py = xa * ixy + ya * iyy;
      for (let b = 0; b <= a; b++) {
        const value = px * rowX[b]! + py * rowY[b]!;
        matrix[a * size + b]! += value;
        if (weights !== undefined) noise[a * size + b]! += w * value;
      }
    }
  }
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) {
      matrix[b * size + a] = matrix[a * size + b]!;
      noise[b * size + a] = noise[a * size + b]!;
    }
  }
  return { size, copies: 1, matrix, right, noise, sumSquares, sumWeights, count };
}
