import type { MatrixModel, Transform, TransformModel } from '@tiepoint/geometry';
import { isMatrixTransform, TiepointError } from '@tiepoint/geometry';
import * as z from 'zod';
import type { MatrixRows } from './registration.js';

const finite = z.number();
const pair = z.tuple([finite, finite]);
const triple = z.tuple([finite, finite, finite]);

const polynomialSchema = z.object({
  origin: pair,
  scale: z.number().positive(),
  coefficientsX: z.array(finite),
  coefficientsY: z.array(finite),
});

const splineSchema = z.object({
  origin: pair,
  scale: z.number().positive(),
  knots: z.array(finite),
  weightsX: z.array(finite),
  weightsY: z.array(finite),
  affineX: triple,
  affineY: triple,
});

const gridSchema = z
  .object({
    origin: pair,
    spacing: z.tuple([z.number().positive(), z.number().positive()]),
    columns: z.int().min(4),
    rows: z.int().min(4),
    valuesX: z.array(finite),
    valuesY: z.array(finite),
  })
  .refine(({ columns, rows, valuesX, valuesY }) => [valuesX, valuesY].every((v) => v.length === columns * rows));

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
  const { model, ...parameters } = transform;
  return { model, sensedToReference: null, parameters };
}

/**
 * Reads the transform of a result document; null where it has none (the verdict was to refuse).
 * @throws TiepointError `solution-invalid` where the parameters do not fit the model.
 */
export function transformFromJson(json: TransformJson): Transform | null {
  const { model } = json;
  switch (model) {
    case 'polynomial2':
    case 'polynomial3': {
      if (json.parameters === undefined) return null;
      const parsed = polynomialSchema.safeParse(json.parameters);
      const count = model === 'polynomial2' ? 6 : 10;
      if (!parsed.success || parsed.data.coefficientsX.length !== count || parsed.data.coefficientsY.length !== count) {
        throw invalidParameters(model, `origin, scale and ${count} coefficients an axis`);
      }
      return { model, ...parsed.data };
    }
    case 'tps': {
      if (json.parameters === undefined) return null;
      const parsed = splineSchema.safeParse(json.parameters);
      if (
        !parsed.success ||
        parsed.data.knots.length !== 2 * parsed.data.weightsX.length ||
        parsed.data.weightsX.length !== parsed.data.weightsY.length
      ) {
        throw invalidParameters(model, 'origin, scale, knots, and a weight a knot and axis');
      }
      return { model, ...parsed.data };
    }
    case 'bspline': {
      if (json.parameters === undefined) return null;
      const parsed = gridSchema.safeParse(json.parameters);
      if (!parsed.success)
        throw invalidParameters(model, 'origin, spacing, columns, rows, and a value a node and axis');
      return { model, ...parsed.data };
    }
    default:
      return json.sensedToReference === null ? null : fromRows(model, json.sensedToReference);
  }
}

function fromRows(model: MatrixModel, [[a, b, c], [d, e, f], [g, h, i]]: MatrixRows): Transform {
  return { model, matrix: [a, b, c, d, e, f, g, h, i] };
}

function invalidParameters(model: TransformModel, expected: string): TiepointError {
  return new TiepointError('solution-invalid', `The parameters of the ${model} model are incomplete.`, {
    hint: `Expected ${expected}, as \`tiepoint register --solution\` writes them.`,
    value: model,
  });
}
