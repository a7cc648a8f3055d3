import { isMatrix3 } from '../linear/matrix.js';
import {
  composeTransforms,
  matrixJacobian,
  type MatrixModel,
  matrixPoint,
  type MatrixTransform,
} from './matrix-transform.js';
import type { Model } from './model.js';

/** What all matrix models have in common; each adds its basis and how it is solved from a minimal sample. */
export function matrixModel(
  own: Pick<Model<MatrixTransform>, 'minimalCount' | 'basis' | 'start'> &
    Required<Pick<Model<MatrixTransform>, 'solveMinimal'>> & { readonly name: MatrixModel },
): Model<MatrixTransform> {
  return {
    ...own,
    point: matrixPoint,
    jacobian: matrixJacobian,
    estimation: { coarse: own.name, widen: 1, rounds: 20 },
    adapt: (transform, before, after) => composeTransforms(after, composeTransforms(transform, before)),
    parameters: 'a matrix of nine finite numbers',
    parse: (matrix) => (isMatrix3(matrix) ? { model: own.name, matrix } : null),
  };
}
