import type { DType } from '../dtype.js';
import { broadcastShapes } from '../shape.js';
import { type Operand, type Tensor, asTensor, node, sharedDType } from '../tensor.js';

function binary<D extends DType>(operator: string, a: Operand<D>, b: Operand<D>): Tensor<D> {
  const name = operator.toLowerCase();
  const dtype = sharedDType(name, a, b);
  const left = asTensor(a, dtype);
  const right = asTensor(b, dtype);
  return node({ operator, inputs: [left, right] as never }, dtype, broadcastShapes(name, left.shape, right.shape));
}

/** `a + b`, broadcasting. */
export function add<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Add', a, b);
}

/** `a − b`, broadcasting. */
export function sub<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Sub', a, b);
}

/** `a · b` element by element, broadcasting. */
export function mul<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Mul', a, b);
}

/** `a / b` element by element, broadcasting; integers round towards zero. */
export function div<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Div', a, b);
}

/** `a` to the power `b`, broadcasting. */
export function pow(a: Operand, b: Operand): Tensor {
  // Squares are by far the most frequent power and a product is several times faster.
  if (b === 2) return mul(a, a);
  return binary('Pow', a, b);
}

/** The larger of `a` and `b`, broadcasting. */
export function maximum<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Max', a, b);
}

/** The smaller of `a` and `b`, broadcasting. */
export function minimum<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Min', a, b);
}
