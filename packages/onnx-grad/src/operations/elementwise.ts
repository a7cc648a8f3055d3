import type { DType } from '../dtype.js';
import { type Attribute, type Tensor, constant, node } from '../tensor.js';

function unary<D extends DType>(
  operator: string,
  x: Tensor<D>,
  attributes: Readonly<Record<string, Attribute>> = {},
): Tensor<D> {
  return node({ operator, inputs: [x] as never, attributes }, x.dtype, x.shape);
}

/** `−x`. */
export function neg<D extends DType = 'float32'>(x: Tensor<D>): Tensor<D> {
  return unary('Neg', x);
}

/** The absolute value. */
export function abs<D extends DType = 'float32'>(x: Tensor<D>): Tensor<D> {
  return unary('Abs', x);
}

/** −1, 0 or 1. */
export function sign<D extends DType = 'float32'>(x: Tensor<D>): Tensor<D> {
  return unary('Sign', x);
}

/** The square root; NaN below zero. */
export function sqrt(x: Tensor): Tensor {
  return unary('Sqrt', x);
}

/** `e^x`. */
export function exp(x: Tensor): Tensor {
  return unary('Exp', x);
}

/** The natural logarithm. */
export function log(x: Tensor): Tensor {
  return unary('Log', x);
}

/** The sine of `x` radians. */
export function sin(x: Tensor): Tensor {
  return unary('Sin', x);
}

/** The cosine of `x` radians. */
export function cos(x: Tensor): Tensor {
  return unary('Cos', x);
}

/** The arc tangent, in radians. */
export function atan(x: Tensor): Tensor {
  return unary('Atan', x);
}

/** The hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return unary('Tanh', x);
}

/** `1 / (1 + e^−x)`. */
export function sigmoid(x: Tensor): Tensor {
  return unary('Sigmoid', x);
}

/** `max(x, 0)`. */
export function relu(x: Tensor): Tensor {
  return unary('Relu', x);
}

/** `x` above zero, `slope · x` below. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return unary('LeakyRelu', x, { alpha: { float: slope } });
}

/** `log(1 + e^x)`, without overflow. */
export function softplus(x: Tensor): Tensor {
  return unary('Softplus', x);
}

/** The error function. */
export function erf(x: Tensor): Tensor {
  return unary('Erf', x);
}

/** `x · Φ(x)`, by the error function (Hendrycks and Gimpel 2016). */
export function gelu(x: Tensor): Tensor {
  return unary('Gelu', x, { approximate: 'none' });
}

/** `x` held within `[low, high]`; either may be infinite. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  return node({ operator: 'Clip', inputs: [x, constant(low), constant(high)] }, 'float32', x.shape);
}

/** The largest whole number not above `x`. */
export function floor(x: Tensor): Tensor {
  return unary('Floor', x);
}

/** The nearest whole number; halves go to the even one. */
export function round(x: Tensor): Tensor {
  return unary('Round', x);
}
