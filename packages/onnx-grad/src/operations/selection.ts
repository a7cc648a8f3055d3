import type { DType } from '../dtype.js';
import { shapeError } from '../error.js';
import { resolveAxis, sameShape } from '../shape.js';
import {
  type AnyTensor,
  type Shape,
  type Tensor,
  int64Vector,
  node,
  nodeWithOutputs,
  sizeOf,
  zeros,
} from '../tensor.js';
import { cast } from './comparison.js';
import { broadcastTo, concat, reshape, transpose } from './movement.js';

/** Whole numbers that say where. */
export type Indices = Tensor<'int64'> | Tensor<'int32'>;

/** Elements of `x` along an axis picked by `indices`, whose shape takes the axis's place; negative ones count from the end. */
export function gather<D extends DType = 'float32'>(
  x: Tensor<D>,
  indices: Indices | readonly number[],
  axis = 0,
): Tensor<D> {
  const along = resolveAxis('gather', axis, x.shape);
  const picked = 'dtype' in indices ? indices : int64Vector(indices);
  const shape = [...x.shape.slice(0, along), ...picked.shape, ...x.shape.slice(along + 1)];
  const back = 'dtype' in indices ? undefined : inverseIndices(indices, x.shape[along]!);
  return node(
    {
      operator: 'Gather',
      inputs: [x as unknown as AnyTensor, picked],
      attributes: { axis: along },
      gradient: (g) => [back ? gatherBack(g, back, along) : scatterAlong(g, picked, x.shape, along)],
    },
    x.dtype,
    shape,
  );
}

/** Where each of `length` elements went, or behind the last where it went nowhere; `undefined` where one went to several places. */
function inverseIndices(indices: readonly number[], length: number): readonly number[] | undefined {
  const back = Array.from({ length }, () => indices.length);
  for (const [i, index] of indices.entries()) {
    const from = index < 0 ? index + length : index;
    if (back[from] !== indices.length) return undefined;
    back[from] = i;
  }
  return back;
}

/** The gradient of {@link gather} where no element was taken twice: again a gather, with a zero for those not taken; adding is far slower. */
function gatherBack(g: Tensor, back: readonly number[], axis: number): Tensor {
  return gather(concat([g, zeros(g.shape.with(axis, 1))], axis), back, axis);
}

/** For each place of `indices`, the element of `x` at that index along the axis; both have the same rank. */
export function gatherElements<D extends DType = 'float32'>(x: Tensor<D>, indices: Indices, axis: number): Tensor<D> {
  const along = resolveAxis('gatherElements', axis, x.shape);
  if (
    indices.shape.length !== x.shape.length ||
    indices.shape.some((length, i) => i !== along && length > x.shape[i]!)
  ) {
    throw shapeError('gatherElements', [x.shape, indices.shape], 'ranks differ or indices reach outside');
  }
  return node(
    {
      operator: 'GatherElements',
      inputs: [x as unknown as AnyTensor, indices],
      attributes: { axis: along },
      gradient: (g) => [scatterElements(zeros(x.shape), indices, g, along)],
    },
    x.dtype,
    indices.shape,
  );
}

/** The `k` largest values along an axis in falling order, and where they stood. */
export function topK(
  x: Tensor,
  k: number,
  options: { readonly axis?: number; readonly largest?: boolean } = {},
): { readonly values: Tensor; readonly indices: Tensor<'int64'> } {
  const axis = resolveAxis('topK', options.axis ?? -1, x.shape);
  if (!Number.isInteger(k) || k < 1 || k > x.shape[axis]!) {
    throw shapeError('topK', [x.shape], `cannot take ${k} along axis ${axis}`);
  }
  const shape = x.shape.with(axis, k);
  const [values, indices] = nodeWithOutputs(
    {
      operator: 'TopK',
      inputs: [x, int64Vector([k])],
      attributes: { axis, largest: (options.largest ?? true) ? 1 : 0, sorted: 1 },
      gradient: ([g], { outputs }) => [g && scatterElements(zeros(x.shape), outputs[1] as Tensor<'int64'>, g, axis)],
    },
    [
      { dtype: 'float32', shape },
      { dtype: 'int64', shape },
    ],
  );
  return { values: values as Tensor, indices: indices as Tensor<'int64'> };
}

/** The gradient of {@link gather}: rows are added up where they came from. */
function scatterAlong(g: Tensor, indices: Indices, shape: Shape, axis: number): Tensor {
  const rank = indices.shape.length;
  const others = g.shape.flatMap((_, i) => (i >= axis && i < axis + rank ? [] : [i]));
  const rows = transpose(g, [...indices.shape.map((_, i) => axis + i), ...others]);
  const rest = [...shape.slice(0, axis), ...shape.slice(axis + 1)];
  const sums = scatterRows(zeros([shape[axis]!, ...rest]), indices, rows);
  return transpose(
    sums,
    shape.map((_, i) => (i === axis ? 0 : i < axis ? i + 1 : i)),
  );
}

/**
 * A copy of `x` with rows added to it, several to one place if need be.
 *
 * @param x - `[rows, …]`
 * @param indices - of any shape, which row each update goes to
 * @param updates - `[…indices, …]`
 */
export function scatterRows(x: Tensor, indices: Indices, updates: Tensor): Tensor {
  if (!sameShape(updates.shape, [...indices.shape, ...x.shape.slice(1)])) {
    throw shapeError('scatterRows', [x.shape, indices.shape, updates.shape], 'updates must be one row for each index');
  }
  // ONNX's ScatterND would be the operator for rows, but ONNX Runtime 1.30 runs it in parallel without locks: with several threads
  // it loses most additions to one place. ScatterElements is right, at the price of an index for each element.
  const [count, width] = [sizeOf(indices.shape), sizeOf(x.shape.slice(1))];
  // 32 bits are enough for any array that fits memory, and half the traffic.
  const rows = broadcastTo(reshape(cast(indices, 'int32'), [count, 1]), [count, width]);
  const flat = reshape(x, [x.shape[0]!, width]);
  return reshape(scatterElements(flat, rows, reshape(updates, [count, width]), 0), x.shape);
}

/** A copy of `x` with each element of `updates` added at its index along an axis (the gradient of {@link gatherElements}). */
export function scatterElements(x: Tensor, indices: Indices, updates: Tensor, axis: number): Tensor {
  const along = resolveAxis('scatterElements', axis, x.shape);
  if (!sameShape(indices.shape, updates.shape) || indices.shape.length !== x.shape.length) {
    throw shapeError(
      'scatterElements',
      [x.shape, indices.shape, updates.shape],
      'one update for each index, ranks equal',
    );
  }
  return node(
    {
      operator: 'ScatterElements',
      inputs: [x, indices, updates],
      attributes: { axis: along, reduction: 'add' },
      gradient: (g) => [g, undefined, gatherElements(g, indices, along)],
    },
    'float32',
    x.shape,
  );
}
