import type { DType } from '../dtype.js';
import { broadcastShapes } from '../shape.js';
import { type Operand, type SimpleGradientRule, type Tensor, asTensor, node, sharedDType } from '../tensor.js';
import { greaterOrEqual, less, where } from './comparison.js';
import { log, neg } from './elementwise.js';
import { sumTo } from './reduction.js';

function binary<D extends DType>(
  operator: string,
  a: Operand<D>,
  b: Operand<D>,
  gradient: SimpleGradientRule,
): Tensor<D> {
  const name = operator.toLowerCase();
  const dtype = sharedDType(name, a, b);
  const left = asTensor(a, dtype);
  const right = asTensor(b, dtype);
  const shape = broadcastShapes(name, left.shape, right.shape);
  const rule: SimpleGradientRule = (g, inputs, output) => {
    const [ga, gb] = gradient(g, inputs, output);
    return [ga && sumTo(ga, left.shape), gb && sumTo(gb, right.shape)];
  };
  return node({ operator, inputs: [left, right] as never, gradient: rule }, dtype, shape);
}

/** `a + b`, broadcasting. */
export function add<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Add', a, b, (g) => [g, g]);
}

/** `a − b`, broadcasting. */
export function sub<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Sub', a, b, (g) => [g, neg(g)]);
}

/** `a · b` element by element, broadcasting. */
export function mul<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Mul', a, b, (g, [x, y]) => [mul(g, y!), mul(g, x!)]);
}

/** `a / b` element by element, broadcasting; integers round towards zero. */
export function div<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Div', a, b, (g, [, y], out) => {
    const over = div(g, y!);
    return [over, neg(mul(over, out))];
  });
}

/** `a` to the power `b`, broadcasting. */
export function pow(a: Operand, b: Operand): Tensor {
  // Squares are by far the most frequent power and a product is several times faster.
  if (b === 2) return mul(a, a);
  return binary('Pow', a, b, (g, [x, y], out) => [mul(mul(g, y!), pow(x!, sub(y!, 1))), mul(mul(g, out), log(x!))]);
}

/** The larger of `a` and `b`, broadcasting; of equals the gradient goes to `a`. */
export function maximum<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Max', a, b, (g, [x, y]) => [where(greaterOrEqual(x!, y!), g, 0), where(less(x!, y!), g, 0)]);
}

/** The smaller of `a` and `b`, broadcasting; of equals the gradient goes to `a`. */
export function minimum<D extends DType = 'float32'>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return binary('Min', a, b, (g, [x, y]) => [where(greaterOrEqual(y!, x!), g, 0), where(less(y!, x!), g, 0)]);
}
