import type { DType } from '../dtype.js';
import { shapeError } from '../error.js';
import { resolveAxis } from '../shape.js';
import { type AnyTensor, type Tensor, int64Vector, node, nodeWithOutputs } from '../tensor.js';

/** Elements of `x` along an axis picked by `indices`, whose shape takes the axis's place; negative ones count from the end. */
export function gather<D extends DType = 'float32'>(
  x: Tensor<D>,
  indices: Tensor<'int64'> | Tensor<'int32'> | readonly number[],
  axis = 0,
): Tensor<D> {
  const along = resolveAxis('gather', axis, x.shape);
  const picked = 'dtype' in indices ? indices : int64Vector(indices);
  const shape = [...x.shape.slice(0, along), ...picked.shape, ...x.shape.slice(along + 1)];
  return node(
    { operator: 'Gather', inputs: [x as unknown as AnyTensor, picked], attributes: { axis: along } },
    x.dtype,
    shape,
  );
}

/** For each place of `indices`, the element of `x` at that index along the axis; both have the same rank. */
export function gatherElements<D extends DType = 'float32'>(
  x: Tensor<D>,
  indices: Tensor<'int64'>,
  axis: number,
): Tensor<D> {
  const along = resolveAxis('gatherElements', axis, x.shape);
  if (
    indices.shape.length !== x.shape.length ||
    indices.shape.some((length, i) => i !== along && length > x.shape[i]!)
  ) {
    throw shapeError('gatherElements', [x.shape, indices.shape], 'ranks differ or indices reach outside');
  }
  return node(
    { operator: 'GatherElements', inputs: [x as unknown as AnyTensor, indices], attributes: { axis: along } },
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
    },
    [
      { dtype: 'float32', shape },
      { dtype: 'int64', shape },
    ],
  );
  return { values: values as Tensor, indices: indices as Tensor<'int64'> };
}
