import {
  sharedDType,
  asTensor,
  node,
  type AnyTensor,
  type Operand,
  type SimpleGradientRule,
  type Tensor,
} from '../tensor.js';
import { type DType, onnxDataType } from '../dtype.js';
import { broadcastShapes } from '../shape.js';
import { sumTo } from './reduction.js';

function compare<D extends DType>(operator: string, a: Operand<D>, b: Operand<D>): Tensor<'bool'> {
  const name = operator.toLowerCase();
  const dtype = sharedDType(name, a, b);
  const left = asTensor(a, dtype);
  const right = asTensor(b, dtype);
  return node(
    { operator, inputs: [left, right] as never, gradient: () => [] },
    'bool',
    broadcastShapes(name, left.shape, right.shape),
  );
}

/** Where `a = b`, broadcasting. */
export function equal<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<'bool'> {
  return compare('Equal', a, b);
}

/** Where `a > b`, broadcasting. */
export function greater<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<'bool'> {
  return compare('Greater', a, b);
}

/** Where `a ≥ b`, broadcasting. */
export function greaterOrEqual<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<'bool'> {
  return compare('GreaterOrEqual', a, b);
}

/** Where `a < b`, broadcasting. */
export function less<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<'bool'> {
  return compare('Less', a, b);
}

/** Where `a ≤ b`, broadcasting. */
export function lessOrEqual<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<'bool'> {
  return compare('LessOrEqual', a, b);
}

/** Where both hold, broadcasting. */
export function and(a: Tensor<'bool'>, b: Tensor<'bool'>): Tensor<'bool'> {
  return compare('And', a, b);
}

/** Where either holds, broadcasting. */
export function or(a: Tensor<'bool'>, b: Tensor<'bool'>): Tensor<'bool'> {
  return compare('Or', a, b);
}

/** Where `x` does not hold. */
export function not(x: Tensor<'bool'>): Tensor<'bool'> {
  return node({ operator: 'Not', inputs: [x], gradient: () => [] }, 'bool', x.shape);
}

/** Where `x` is not a number. */
export function isNaN(x: Tensor): Tensor<'bool'> {
  return node({ operator: 'IsNaN', inputs: [x], gradient: () => [] }, 'bool', x.shape);
}

/** `a` where the condition holds, else `b`; all three broadcast. */
export function where<D extends DType = 'float32'>(condition: Tensor<'bool'>, a: Operand<D>, b: Operand<D>): Tensor<D> {
  const dtype = sharedDType('where', a, b);
  const left = asTensor(a, dtype);
  const right = asTensor(b, dtype);
  const shape = broadcastShapes('where', condition.shape, left.shape, right.shape);
  const gradient: SimpleGradientRule = (g) => [
    undefined,
    sumTo(where(condition, g, 0), left.shape),
    sumTo(where(condition, 0, g), right.shape),
  ];
  return node({ operator: 'Where', inputs: [condition, left, right] as never, gradient }, dtype, shape);
}

/** The same values in another data type; floats to integers round towards zero, booleans become 0 and 1. No gradient flows. */
export function cast<D extends DType>(x: AnyTensor, dtype: D): Tensor<D> {
  if ((x.dtype as DType) === dtype) return x as unknown as Tensor<D>;
  return node(
    { operator: 'Cast', inputs: [x], attributes: { to: onnxDataType[dtype] }, gradient: () => [] },
    dtype,
    x.shape,
  );
}
