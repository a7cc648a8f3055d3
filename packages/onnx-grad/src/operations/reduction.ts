import type { DType } from '../dtype.js';
import { resolveAxes, resolveAxis } from '../shape.js';
import { type AnyTensor, type Shape, type Tensor, constant, int64Vector, node } from '../tensor.js';

/** Which axes a reduction removes (all of them unless named), and whether they stay with size 1. */
export interface ReductionOptions {
  readonly axes?: readonly number[];
  readonly keepDims?: boolean;
}

function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  if (keepDims) return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return shape.filter((_, axis) => !axes.includes(axis));
}

function reduce<D extends DType>(operator: string, x: Tensor<D>, options: ReductionOptions): Tensor<D> {
  const axes = resolveAxes(operator, options.axes ?? x.shape.map((_, axis) => axis), x.shape);
  if (axes.length === 0) return x;
  const keepDims = options.keepDims ?? false;
  return node(
    { operator, inputs: [x as unknown as AnyTensor, int64Vector(axes)], attributes: { keepdims: keepDims ? 1 : 0 } },
    x.dtype,
    reducedShape(x.shape, axes, keepDims),
  );
}

/** The sum over some axes. */
export function reduceSum<D extends DType = 'float32'>(x: Tensor<D>, options: ReductionOptions = {}): Tensor<D> {
  return reduce('ReduceSum', x, options);
}

/** The mean over some axes. */
export function reduceMean(x: Tensor, options: ReductionOptions = {}): Tensor {
  return reduce('ReduceMean', x, options);
}

/** The largest value over some axes. */
export function reduceMax<D extends DType = 'float32'>(x: Tensor<D>, options: ReductionOptions = {}): Tensor<D> {
  return reduce('ReduceMax', x, options);
}

/** The smallest value over some axes. */
export function reduceMin<D extends DType = 'float32'>(x: Tensor<D>, options: ReductionOptions = {}): Tensor<D> {
  return reduce('ReduceMin', x, options);
}

/** Where along an axis the largest value stands (the first of equals). */
export function argMax(x: AnyTensor, axis: number, options: { readonly keepDims?: boolean } = {}): Tensor<'int64'> {
  const resolved = resolveAxis('argMax', axis, x.shape);
  const keepDims = options.keepDims ?? false;
  return node(
    { operator: 'ArgMax', inputs: [x], attributes: { axis: resolved, keepdims: keepDims ? 1 : 0 } },
    'int64',
    reducedShape(x.shape, [resolved], keepDims),
  );
}

/** Running sums along an axis; `exclusive` leaves the element itself out, `reverse` runs from the end. */
export function cumsum(
  x: Tensor,
  axis: number,
  options: { readonly exclusive?: boolean; readonly reverse?: boolean } = {},
): Tensor {
  const resolved = resolveAxis('cumsum', axis, x.shape);
  const attributes = { exclusive: options.exclusive ? 1 : 0, reverse: options.reverse ? 1 : 0 };
  return node({ operator: 'CumSum', inputs: [x, constant(resolved, [], 'int64')], attributes }, 'float32', x.shape);
}

/** e^x over its sum along an axis (the last unless named), without overflow. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return node(
    { operator: 'Softmax', inputs: [x], attributes: { axis: resolveAxis('softmax', axis, x.shape) } },
    'float32',
    x.shape,
  );
}

/** The logarithm of the softmax along an axis (the last unless named), without overflow. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return node(
    { operator: 'LogSoftmax', inputs: [x], attributes: { axis: resolveAxis('logSoftmax', axis, x.shape) } },
    'float32',
    x.shape,
  );
}
