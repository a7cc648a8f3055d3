import { factorCholesky, solveCholesky } from '../linear/cholesky.js';
import type { Correspondences } from '../points/correspondences.js';
import type { Normalisation } from '../points/normalisation.js';

/**
 * The direct linear transform as a start for the nonlinear fit: the 8 parameters on normalised coordinates with a last
 * element of 1, which the centring makes safe (the centroid is not on the horizon). Null where the points are degenerate
 * or lie on both sides of the horizon.
 */
export function startProjective(
  points: Correspondences,
  n: Normalisation,
  weights?: Float64Array,
): Float64Array | null {
  const size = 8;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const rowX = new Float64Array(size);
  const rowY = new Float64Array(size);
  const count = points.source.length / 2;
  for (let i = 0; i < count; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    if (!(weight > 0)) continue;
    const u = (points.source[2 * i]! - n.sourceX) / n.scale;
    const v = (points.source[2 * i + 1]! - n.sourceY) / n.scale;
    const X = points.target[2 * i]! - n.targetX;
    const Y = points.target[2 * i + 1]! - n.targetY;
    rowX[0] = rowY[3] = u;
    rowX[1] = rowY[4] = v;
    rowX[2] = rowY[5] = 1;
    rowX[6] = -X * u;
    rowX[7] = -X * v;
    rowY[6] = -Y * u;
    rowY[7] = -Y * v;
    for (let a = 0; a < size; a++) {
      right[a]! += weight * (rowX[a]! * X + rowY[a]! * Y);
      for (let b = 0; b <= a; b++) matrix[a * size + b]! += weight * (rowX[a]! * rowX[b]! + rowY[a]! * rowY[b]!);
    }
  }
  const factor = factorCholesky(matrix, size);
  if (factor === null) return null;
  const parameters = solveCholesky(factor, right);
  for (let i = 0; i < count; i++) {
    if (weights !== undefined && !(weights[i]! > 0)) continue;
    const u = (points.source[2 * i]! - n.sourceX) / n.scale;
    const v = (points.source[2 * i + 1]! - n.sourceY) / n.scale;
    if (!(parameters[6]! * u + parameters[7]! * v + 1 > 0)) return null;
  }
  return parameters;
}
