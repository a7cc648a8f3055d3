import {
  isMatrixTransform,
  modelOf,
  parametersOf,
  TiepointError,
  type Transform,
  type TransformModel,
} from '@tiepoint/geometry';
import type { MatrixRows } from './registration.js';

/** The part of the result document that holds a transform: a matrix, or the parameters of another model. */
export interface TransformJson {
  readonly model: TransformModel;
  readonly sensedToReference: MatrixRows | null;
  readonly parameters?: unknown;
}

/** Writes a transform the way the result document does. */
export function transformToJson(transform: Transform): TransformJson {
  if (isMatrixTransform(transform)) {
    const [a, b, c, d, e, f, g, h, i] = transform.matrix;
    return {
      model: transform.model,
      sensedToReference: [
        [a, b, c],
        [d, e, f],
        [g, h, i],
      ],
    };
  }
  return { model: transform.model, sensedToReference: null, parameters: parametersOf(transform) };
}

/**
 * Reads the transform of a result document; null where it has none (the verdict was to refuse).
 * @throws TiepointError `solution-invalid` where the parameters do not fit the model.
 */
export function transformFromJson({ model, sensedToReference, parameters }: TransformJson): Transform | null {
  const stored = parameters ?? sensedToReference?.flat();
  if (stored === undefined) return null;
  const { parse, parameters: expected } = modelOf(model);
  const transform = parse(stored);
  if (transform !== null) return transform;
  throw new TiepointError('solution-invalid', `The parameters of the ${model} model are incomplete.`, {
    hint: `Expected ${expected}, as \`tiepoint register --solution\` writes them.`,
    value: model,
  });
}
