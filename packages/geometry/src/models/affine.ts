import type { Normalisation } from '../points/normalisation.js';
import { axisBasis } from './axis-basis.js';
import { denormaliseAffine } from './denormalise.js';
import { leastSine } from './flat-samples.js';
import { matrixModel } from './matrix-model.js';
import type { MatrixTransform } from './matrix-transform.js';
import type { ModelBasis } from './model.js';

function affineBasis(n: Normalisation): ModelBasis<MatrixTransform> {
  return axisBasis(
    {
      count: 3,
      write(u, v, out) {
        out[0] = u;
        out[1] = v;
        out[2] = 1;
      },
    },
    (p) => denormaliseAffine(n, 'affine', [p[0]!, p[1]!, p[2]!, p[3]!, p[4]!, p[5]!]),
  );
}

function affineFrom(p: Float64Array, q: Float64Array, out: Float64Array): boolean {
  const ux = p[2]! - p[0]!;
  const uy = p[3]! - p[1]!;
  const vx = p[4]! - p[0]!;
  const vy = p[5]! - p[1]!;
  const det = ux * vy - uy * vx;
  if (!(Math.abs(det) > leastSine * Math.sqrt((ux * ux + uy * uy) * (vx * vx + vy * vy))) || Math.abs(det) < 1)
    return false;
  const s = 1 / det;
  const ex = q[2]! - q[0]!;
  const ey = q[3]! - q[1]!;
  const fx = q[4]! - q[0]!;
  const fy = q[5]! - q[1]!;
  const a = (ex * vy - fx * uy) * s;
  const b = (fx * ux - ex * vx) * s;
  const d = (ey * vy - fy * uy) * s;
  const e = (fy * ux - ey * vx) * s;
  out[0] = a;
  out[1] = b;
  out[2] = q[0]! - a * p[0]! - b * p[1]!;
  out[3] = d;
  out[4] = e;
  out[5] = q[1]! - d * p[0]! - e * p[1]!;
  out[6] = 0;
  out[7] = 0;
  out[8] = 1;
  return true;
}

/** X = ax + by + c, Y = dx + ey + f. */
export const affineModel = matrixModel({
  name: 'affine',
  minimalCount: 3,
  basis: (_points, n) => affineBasis(n),
  solveMinimal: affineFrom,
});
