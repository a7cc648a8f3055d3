import type { Normalisation } from '../points/normalisation.js';
import { denormaliseAffine } from './denormalise.js';
import { matrixModel } from './matrix-model.js';
import type { MatrixTransform } from './matrix-transform.js';
import type { ModelBasis } from './model.js';

function similarityBasis(n: Normalisation): ModelBasis<MatrixTransform> {
  return {
    parameterCount: 4,
    linear: true,
    predict(p, u, v, out, rowX, rowY) {
      out[0] = p[0]! * u - p[1]! * v + p[2]!;
      out[1] = p[1]! * u + p[0]! * v + p[3]!;
      rowX[0] = u;
      rowX[1] = -v;
      rowX[2] = 1;
      rowX[3] = 0;
      rowY[0] = v;
      rowY[1] = u;
      rowY[2] = 0;
      rowY[3] = 1;
    },
    toTransform: (p) => denormaliseAffine(n, 'similarity', [p[0]!, -p[1]!, p[2]!, p[1]!, p[0]!, p[3]!]),
  };
}

function similarityFrom(p: Float64Array, q: Float64Array, out: Float64Array): boolean {
  const dx = p[2]! - p[0]!;
  const dy = p[3]! - p[1]!;
  const length2 = dx * dx + dy * dy;
  // Two points within a pixel say nothing about rotation and scale.
  if (!(length2 > 1)) return false;
  const ex = q[2]! - q[0]!;
  const ey = q[3]! - q[1]!;
  const a = (dx * ex + dy * ey) / length2;
  const b = (dx * ey - dy * ex) / length2;
  out[0] = a;
  out[1] = -b;
  out[2] = q[0]! - a * p[0]! + b * p[1]!;
  out[3] = b;
  out[4] = a;
  out[5] = q[1]! - b * p[0]! - a * p[1]!;
  out[6] = 0;
  out[7] = 0;
  out[8] = 1;
  return true;
}

/** A rotation, one scale and a shift. */
export const similarityModel = matrixModel({
  name: 'similarity',
  minimalCount: 2,
  basis: (_points, n) => similarityBasis(n),
  solveMinimal: similarityFrom,
});
