import type { Normalisation } from '../points/normalisation.js';
import { matrixModel } from './matrix-model.js';
import type { MatrixTransform } from './matrix-transform.js';
import { translation } from './matrix-transform.js';
import type { ModelBasis } from './model.js';

function translationBasis(n: Normalisation): ModelBasis<MatrixTransform> {
  return {
    parameterCount: 2,
    linear: true,
    predict(p, u, v, out, rowX, rowY) {
      out[0] = n.scale * u + p[0]!;
      out[1] = n.scale * v + p[1]!;
      rowX[0] = 1;
      rowX[1] = 0;
      rowY[0] = 0;
      rowY[1] = 1;
    },
    toTransform: (p) => translation(n.targetX - n.sourceX + p[0]!, n.targetY - n.sourceY + p[1]!),
  };
}

/** X = x + dx, Y = y + dy. */
export const translationModel = matrixModel({
  name: 'translation',
  minimalCount: 1,
  basis: (_points, n) => translationBasis(n),
  solveMinimal: (source, target, out) => {
    out.fill(0);
    out[0] = out[4] = out[8] = 1;
    out[2] = target[0]! - source[0]!;
    out[5] = target[1]! - source[1]!;
    return true;
  },
});
