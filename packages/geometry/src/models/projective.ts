import { multiplyMatrices } from '../linear/matrix.js';
import type { Normalisation } from '../points/normalisation.js';
import { leastSine } from './flat-samples.js';
import { matrixModel } from './matrix-model.js';
import type { MatrixTransform } from './matrix-transform.js';
import { projective } from './matrix-transform.js';
import type { ModelBasis } from './model.js';
import { startProjective } from './projective-start.js';

function projectiveBasis(n: Normalisation): ModelBasis<MatrixTransform> {
  return {
    parameterCount: 8,
    linear: false,
    predict(p, u, v, out, rowX, rowY) {
      const w = 1 / (p[6]! * u + p[7]! * v + 1);
      const X = (p[0]! * u + p[1]! * v + p[2]!) * w;
      const Y = (p[3]! * u + p[4]! * v + p[5]!) * w;
      out[0] = X;
      out[1] = Y;
      rowX.fill(0);
      rowY.fill(0);
      rowX[0] = rowY[3] = u * w;
      rowX[1] = rowY[4] = v * w;
      rowX[2] = rowY[5] = w;
      rowX[6] = -X * u * w;
      rowX[7] = -X * v * w;
      rowY[6] = -Y * u * w;
      rowY[7] = -Y * v * w;
    },
    toTransform(p) {
      const s = 1 / n.scale;
      return projective(
        multiplyMatrices(
          [1, 0, n.targetX, 0, 1, n.targetY, 0, 0, 1],
          multiplyMatrices(
            [p[0]!, p[1]!, p[2]!, p[3]!, p[4]!, p[5]!, p[6]!, p[7]!, 1],
            [s, 0, -n.sourceX * s, 0, s, -n.sourceY * s, 0, 0, 1],
          ),
        ),
      );
    },
  };
}

/** The matrix from the unit square to a quadrilateral (Heckbert 1989, section 2.2.3); false where three corners are near a line. */
function squareTo(p: Float64Array, out: Float64Array): boolean {
  const x0 = p[0]!;
  const y0 = p[1]!;
  const x1 = p[2]!;
  const y1 = p[3]!;
  const x2 = p[4]!;
  const y2 = p[5]!;
  const x3 = p[6]!;
  const y3 = p[7]!;
  const dx1 = x1 - x2;
  const dy1 = y1 - y2;
  const dx2 = x3 - x2;
  const dy2 = y3 - y2;
  const sx = x0 - x1 + x2 - x3;
  const sy = y0 - y1 + y2 - y3;
  const det = dx1 * dy2 - dx2 * dy1;
  if (det === 0) return false;
  const g = (sx * dy2 - dx2 * sy) / det;
  const h = (dx1 * sy - sx * dy1) / det;
  out[0] = x1 - x0 + g * x1;
  out[1] = x3 - x0 + h * x3;
  out[2] = x0;
  out[3] = y1 - y0 + g * y1;
  out[4] = y3 - y0 + h * y3;
  out[5] = y0;
  out[6] = g;
  out[7] = h;
  out[8] = 1;
  return true;
}

/** Twice the signed area of the triangle of the points i, j, k, or 0 where it is too flat. */
function orientation(p: Float64Array, i: number, j: number, k: number): number {
  const ux = p[2 * j]! - p[2 * i]!;
  const uy = p[2 * j + 1]! - p[2 * i + 1]!;
  const vx = p[2 * k]! - p[2 * i]!;
  const vy = p[2 * k + 1]! - p[2 * i + 1]!;
  const area = ux * vy - uy * vx;
  return Math.abs(area) > leastSine * Math.sqrt((ux * ux + uy * uy) * (vx * vx + vy * vy)) ? area : 0;
}

const fromSquare = new Float64Array(9);
const toSquare = new Float64Array(9);

function projectiveFrom(p: Float64Array, q: Float64Array, out: Float64Array): boolean {
  // A camera before the scene keeps the orientation of every triangle of the sample (or turns them all).
  let sign = 0;
  for (let skip = 0; skip < 4; skip++) {
    const i = skip === 0 ? 1 : 0;
    const j = skip <= 1 ? 2 : 1;
    const k = skip <= 2 ? 3 : 2;
    const a = orientation(p, i, j, k);
    const b = orientation(q, i, j, k);
    if (a === 0 || b === 0) return false;
    const same = a > 0 === b > 0 ? 1 : -1;
    if (sign !== 0 && same !== sign) return false;
    sign = same;
  }
  if (!squareTo(p, fromSquare) || !squareTo(q, toSquare)) return false;
  // out = toSquare · adjugate(fromSquare)
  const m = fromSquare;
  const i0 = m[4]! * m[8]! - m[5]! * m[7]!;
  const i1 = m[2]! * m[7]! - m[1]! * m[8]!;
  const i2 = m[1]! * m[5]! - m[2]! * m[4]!;
  const i3 = m[5]! * m[6]! - m[3]! * m[8]!;
  const i4 = m[0]! * m[8]! - m[2]! * m[6]!;
  const i5 = m[2]! * m[3]! - m[0]! * m[5]!;
  const i6 = m[3]! * m[7]! - m[4]! * m[6]!;
  const i7 = m[1]! * m[6]! - m[0]! * m[7]!;
  const i8 = m[0]! * m[4]! - m[1]! * m[3]!;
  for (let r = 0; r < 9; r += 3) {
    const a = toSquare[r]!;
    const b = toSquare[r + 1]!;
    const c = toSquare[r + 2]!;
    out[r] = a * i0 + b * i3 + c * i6;
    out[r + 1] = a * i1 + b * i4 + c * i7;
    out[r + 2] = a * i2 + b * i5 + c * i8;
  }
  // On centred coordinates the last element is what the centroid is divided by.
  if (!(Math.abs(out[8]!) > 1e-12)) return false;
  const s = 1 / out[8]!;
  for (let i = 0; i < 9; i++) out[i]! *= s;
  return true;
}

/** A map that keeps lines straight: the only matrix model whose result is not linear in its parameters. */
export const projectiveModel = matrixModel({
  name: 'projective',
  minimalCount: 4,
  basis: (_points, n) => projectiveBasis(n),
  start: startProjective,
  solveMinimal: projectiveFrom,
});
