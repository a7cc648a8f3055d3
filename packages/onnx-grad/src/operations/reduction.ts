import type { DType } from '../dtype.js';
import { resolveAxes, resolveAxis } from '../shape.js';
import { type AnyTensor, type Shape, type Tensor, constant, int64Vector, node, sizeOf } from '../tensor.js';
import { div, mul, sub } from './arithmetic.js';
import { cast, equal } from './comparison.js';
import { exp } from './elementwise.js';
import { broadcastTo, reshape } from './movement.js';

/** Which axes a reduction removes (all of them unless named), and whether they stay with size 1. */
export interface ReductionOptions {
  readonly axes?: readonly number[] | undefined;
  readonly keepDims?: boolean | undefined;
}

function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  if (keepDims) return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** From the gradient and the output, both with the reduced axes kept, and the input to the input's gradient. */
type ReductionRule = (g: Tensor, x: Tensor, output: Tensor) => Tensor;

function reduce<D extends DType>(
  operator: string,
  x: Tensor<D>,
  options: ReductionOptions,
  rule: ReductionRule,
): Tensor<D> {
  const axes = resolveAxes(operator, options.axes ?? x.shape.map((_, axis) => axis), x.shape);
  if (axes.length === 0) return x;
  const keepDims = options.keepDims ?? false;
  const kept = reducedShape(x.shape, axes, true);
  return node(
    {
      operator,
      inputs: [x as unknown as AnyTensor, int64Vector(axes)],
      attributes: { keepdims: keepDims ? 1 : 0 },
      gradient: (g, [from], output) => [rule(reshape(g, kept), from!, reshape(output, kept))],
    },
    x.dtype,
    reducedShape(x.shape, axes, keepDims),
  );
}

/** The gradient of an extreme value goes to where it stands; equals share it. */
function sharedByEquals(g: Tensor, x: Tensor, output: Tensor): Tensor {
  const chosen = cast(equal(x, output), 'float32');
  const axes = x.shape.flatMap((length, axis) => (length !== output.shape[axis] ? [axis] : []));
  return mul(chosen, div(g, reduceSum(chosen, { axes, keepDims: true })));
}

/** The sum over some axes. */
export function reduceSum<D extends DType = 'float32'>(x: Tensor<D>, options: ReductionOptions = {}): Tensor<D> {
  return reduce('ReduceSum', x, options, (g, from) => broadcastTo(g, from.shape));
}

/** The mean over some axes. */
export function reduceMean(x: Tensor, options: ReductionOptions = {}): Tensor {
  return reduce('ReduceMean', x, options, (g, from) =>
    broadcastTo(mul(g, sizeOf(g.shape) / sizeOf(from.shape)), from.shape),
  );
}

/** The largest value over some axes. */
export function reduceMax<D extends DType = 'float32'>(x: Tensor<D>, options: ReductionOptions = {}): Tensor<D> {
  return reduce('ReduceMax', x, options, sharedByEquals);
}

/** The smallest value over some axes. */
export function reduceMin<D extends DType = 'float32'>(x: Tensor<D>, options: ReductionOptions = {}): Tensor<D> {
  return reduce('ReduceMin', x, options, sharedByEquals);
}

/** Where along an axis the largest value stands (the first of equals). */
export function argMax(x: AnyTensor, axis: number, options: { readonly keepDims?: boolean } = {}): Tensor<'int64'> {
  const resolved = resolveAxis('argMax', axis, x.shape);
  const keepDims = options.keepDims ?? false;
  return node(
    { operator: 'ArgMax', inputs: [x], attributes: { axis: resolved, keepdims: keepDims ? 1 : 0 }, gradient: () => [] },
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
  return node(
    {
      operator: 'CumSum',
      inputs: [x, constant(resolved, [], 'int64')],
      attributes: { exclusive: options.exclusive ? 1 : 0, reverse: options.reverse ? 1 : 0 },
      gradient: (g) => [cumsum(g, resolved, { ...options, reverse: !options.reverse })],
    },
    'float32',
    x.shape,
  );
}

/** e^x over its sum along an axis (the last unless named), without overflow. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const along = resolveAxis('softmax', axis, x.shape);
  return node(
    {
      operator: 'Softmax',
      inputs: [x],
      attributes: { axis: along },
      gradient: (g, _, out) => {
        const weighted = mul(g, out);
        return [sub(weighted, mul(out, reduceSum(weighted, { axes: [along], keepDims: true })))];
      },
    },
    'float32',
    x.shape,
  );
}

/** The logarithm of the softmax along an axis (the last unless named), without overflow. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const along = resolveAxis('logSoftmax', axis, x.shape);
  return node(
    {
      operator: 'LogSoftmax',
      inputs: [x],
      attributes: { axis: along },
      gradient: (g, _, out) => [sub(g, mul(exp(out), reduceSum(g, { axes: [along], keepDims: true })))],
    },
    'float32',
    x.shape,
  );
}

/** The gradient of broadcasting: sums over the axes that were stretched, so that the result has the given shape. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const extra = x.shape.length - shape.length;
  const axes = x.shape.flatMap((length, axis) =>
    axis < extra || (shape[axis - extra] === 1 && length !== 1) ? [axis] : [],
  );
  return reshape(axes.length === 0 ? x : reduceSum(x, { axes }), shape);
}
