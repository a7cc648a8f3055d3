import type { DType } from '../dtype.js';
import { type Attribute, type SimpleGradientRule, type Tensor, constant, node } from '../tensor.js';
import { add, div, mul, sub } from './arithmetic.js';
import { and, greater, greaterOrEqual, lessOrEqual, where } from './comparison.js';

function unary<D extends DType>(
  operator: string,
  x: Tensor<D>,
  derivative: ((g: Tensor, x: Tensor, out: Tensor) => Tensor | undefined) | undefined,
  attributes: Readonly<Record<string, Attribute>> = {},
): Tensor<D> {
  const gradient: SimpleGradientRule | undefined = derivative && ((g, [from], out) => [derivative(g, from!, out)]);
  return node({ operator, inputs: [x] as never, attributes, gradient }, x.dtype, x.shape);
}

/** `−x`. */
export function neg<D extends DType = 'float32'>(x: Tensor<D>): Tensor<D> {
  return unary('Neg', x, (g) => neg(g));
}

/** The absolute value. */
export function abs<D extends DType = 'float32'>(x: Tensor<D>): Tensor<D> {
  return unary('Abs', x, (g, from) => mul(g, sign(from)));
}

/** −1, 0 or 1. */
export function sign<D extends DType = 'float32'>(x: Tensor<D>): Tensor<D> {
  return unary('Sign', x, () => undefined);
}

/** The square root; NaN below zero. */
export function sqrt(x: Tensor): Tensor {
  return unary('Sqrt', x, (g, _, out) => div(mul(g, 0.5), out));
}

/** `e^x`. */
export function exp(x: Tensor): Tensor {
  return unary('Exp', x, (g, _, out) => mul(g, out));
}

/** The natural logarithm. */
export function log(x: Tensor): Tensor {
  return unary('Log', x, (g, from) => div(g, from));
}

/** The sine of `x` radians. */
export function sin(x: Tensor): Tensor {
  return unary('Sin', x, (g, from) => mul(g, cos(from)));
}

/** The cosine of `x` radians. */
export function cos(x: Tensor): Tensor {
  return unary('Cos', x, (g, from) => neg(mul(g, sin(from))));
}

/** The arc tangent, in radians. */
export function atan(x: Tensor): Tensor {
  return unary('Atan', x, (g, from) => div(g, add(mul(from, from), 1)));
}

/** The hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return unary('Tanh', x, (g, _, out) => mul(g, sub(1, mul(out, out))));
}

/** `1 / (1 + e^−x)`. */
export function sigmoid(x: Tensor): Tensor {
  return unary('Sigmoid', x, (g, _, out) => mul(g, mul(out, sub(1, out))));
}

/** `max(x, 0)`. */
export function relu(x: Tensor): Tensor {
  return unary('Relu', x, (g, _, out) => mul(g, step(out, 0)));
}

/** `x` above zero, `slope · x` below. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return unary('LeakyRelu', x, (g, from) => where(greater(from, 0), g, mul(g, slope)), { alpha: { float: slope } });
}

/** `log(1 + e^x)`, without overflow. */
export function softplus(x: Tensor): Tensor {
  return unary('Softplus', x, (g, from) => mul(g, sigmoid(from)));
}

/** The error function. */
export function erf(x: Tensor): Tensor {
  return unary('Erf', x, (g, from) => mul(mul(g, 2 / Math.sqrt(Math.PI)), exp(neg(mul(from, from)))));
}

/** `x · Φ(x)`, by the error function (Hendrycks and Gimpel 2016). */
export function gelu(x: Tensor): Tensor {
  return unary(
    'Gelu',
    x,
    (g, from) => {
      const below = mul(add(erf(mul(from, Math.SQRT1_2)), 1), 0.5);
      const density = mul(exp(mul(mul(from, from), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return mul(g, add(below, mul(from, density)));
    },
    { approximate: 'none' },
  );
}

/** `x` held within `[low, high]`; either may be infinite. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  return node(
    {
      operator: 'Clip',
      inputs: [x, constant(low), constant(high)],
      gradient: (g, [from]) => [where(and(greaterOrEqual(from!, low), lessOrEqual(from!, high)), g, 0)],
    },
    'float32',
    x.shape,
  );
}

/** The largest whole number not above `x`. */
export function floor(x: Tensor): Tensor {
  return unary('Floor', x, () => undefined);
}

/** The nearest whole number; halves go to the even one. */
export function round(x: Tensor): Tensor {
  return unary('Round', x, () => undefined);
}

/**
 * 1 above zero, 0 below, `atZero` at zero, without a gradient: what a comparison and a cast would make, in less than half the time
 * and on all threads, which ONNX Runtime's `Cast` does not use.
 *
 * It is a line so steep that it is a step for all but numbers smaller than 1e-30.
 */
export function step(x: Tensor, atZero: 0 | 1): Tensor {
  return unary('HardSigmoid', x, () => undefined, { alpha: { float: 1e30 }, beta: { float: atZero } });
}
