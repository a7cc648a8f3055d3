import { shapeError } from './error.js';
import { add, div, maximum, minimum, mul, sub } from './operations/arithmetic.js';
import { cast, equal } from './operations/comparison.js';
import { abs, exp, neg, relu, softplus, sqrt, tanh } from './operations/elementwise.js';
import { expandDims, slice, squeeze } from './operations/movement.js';
import { logSoftmax, reduceMean, reduceSum } from './operations/reduction.js';
import { sameShape } from './shape.js';
import { type Tensor, constant } from './tensor.js';

/** All losses are means over everything unless said otherwise; weights and masks can be applied by taking `reduce: false`. */
export interface LossOptions {
  /** `false`: one value for each element (or row) instead of their mean. */
  readonly reduce?: boolean | undefined;
}

function finish(values: Tensor, options: LossOptions): Tensor {
  return (options.reduce ?? true) ? reduceMean(values) : values;
}

function requireSame(operation: string, a: Tensor, b: Tensor): void {
  if (!sameShape(a.shape, b.shape)) throw shapeError(operation, [a.shape, b.shape], 'shapes differ');
}

/** Half the squared error near zero, linear from `delta` on (Huber 1964). */
export function huberLoss(
  prediction: Tensor,
  target: Tensor,
  options: LossOptions & { readonly delta?: number } = {},
): Tensor {
  requireSame('huberLoss', prediction, target);
  const delta = options.delta ?? 1;
  const size = abs(sub(prediction, target));
  // The part within delta squared, the rest linear; no comparison needed.
  const near = minimum(size, delta);
  return finish(mul(near, sub(size, mul(near, 0.5))), options);
}

/** The squared error. */
export function meanSquaredError(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireSame('meanSquaredError', prediction, target);
  const difference = sub(prediction, target);
  return finish(mul(difference, difference), options);
}

/** −log of the probability given to targets in [0, 1], from logits, without overflow. */
export function binaryCrossEntropy(logits: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireSame('binaryCrossEntropy', logits, target);
  return finish(sub(softplus(logits), mul(logits, target)), options);
}

/**
 * −log of the probability given to the right class.
 *
 * @param logits - `[batch, classes]`
 * @param labels - `[batch]`, or probabilities `[batch, classes]`
 */
export function crossEntropy(logits: Tensor, labels: Tensor<'int64'> | Tensor, options: LossOptions = {}): Tensor {
  const [batch, classes] = logits.shape;
  if (logits.shape.length !== 2)
    throw shapeError('crossEntropy', [logits.shape], 'the logits must be [batch, classes]');
  let target: Tensor;
  if (labels.dtype === 'int64') {
    if (!sameShape(labels.shape, [batch!]))
      throw shapeError('crossEntropy', [logits.shape, labels.shape], 'one label a row');
    const numbers = constant(BigInt64Array.from({ length: classes! }, (_, i) => BigInt(i)));
    target = cast(equal(expandDims(labels, [1]), numbers), 'float32');
  } else {
    requireSame('crossEntropy', logits, labels);
    target = labels;
  }
  return finish(neg(reduceSum(mul(logSoftmax(logits), target), { axes: [1] })), options);
}

/** `max(0, margin − sign · score)` for signs ±1. */
export function hingeLoss(
  score: Tensor,
  sign: Tensor,
  options: LossOptions & { readonly margin?: number } = {},
): Tensor {
  requireSame('hingeLoss', score, sign);
  return finish(relu(sub(options.margin ?? 1, mul(score, sign))), options);
}

/** Lengths of rows, kept from zero, where the gradient has no direction. */
function distances(a: Tensor, b: Tensor): Tensor {
  const difference = sub(a, b);
  return sqrt(add(reduceSum(mul(difference, difference), { axes: [-1] }), 1e-12));
}

/**
 * `max(0, d(anchor, positive) − d(anchor, negative) + margin)`.
 *
 * @param anchor - `[…, features]`, as the others
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: LossOptions & { readonly margin?: number } = {},
): Tensor {
  requireSame('tripletMarginLoss', anchor, positive);
  requireSame('tripletMarginLoss', anchor, negative);
  return finish(relu(add(sub(distances(anchor, positive), distances(anchor, negative)), options.margin ?? 1)), options);
}

/** The squared share of the positive in a softmax over both distances (Hoffer and Ailon 2015): 0 when it is much the nearer. */
export function tripletRatioLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: LossOptions = {},
): Tensor {
  requireSame('tripletRatioLoss', anchor, positive);
  requireSame('tripletRatioLoss', anchor, negative);
  const near = distances(anchor, positive);
  const far = distances(anchor, negative);
  const largest = maximum(near, far);
  const [p, n] = [exp(sub(near, largest)), exp(sub(far, largest))];
  const share = div(p, add(p, n));
  // Both parts of Hoffer's vector, (share, 1 − the other's share), are the same number.
  return finish(mul(mul(share, share), 2), options);
}

/**
 * The negative log-likelihood of a bivariate normal error, `½ eᵀ C⁻¹ e + ½ log |C| + log 2π`, for rows.
 *
 * @param error - `[batch, 2]`, truth minus prediction
 * @param spread - `[batch, 3]`: log σx, log σy and the inverse hyperbolic tangent of the correlation, all unbounded
 * @returns the mean, or `[batch]`
 */
export function bivariateGaussianLoss(error: Tensor, spread: Tensor, options: LossOptions = {}): Tensor {
  const batch = error.shape[0];
  if (!sameShape(error.shape, [batch!, 2]) || !sameShape(spread.shape, [batch!, 3])) {
    throw shapeError('bivariateGaussianLoss', [error.shape, spread.shape], 'needs [batch, 2] and [batch, 3]');
  }
  const column = (x: Tensor, i: number): Tensor => squeeze(slice(x, { starts: [i], ends: [i + 1], axes: [1] }), [1]);
  const [logX, logY, z] = [column(spread, 0), column(spread, 1), column(spread, 2)];
  const u = mul(column(error, 0), exp(neg(logX)));
  const v = mul(column(error, 1), exp(neg(logY)));
  // With ρ = tanh z: log cosh z = −½ log(1 − ρ²), written so that neither overflows.
  const size = abs(z);
  const logCosh = sub(add(size, softplus(mul(size, -2))), Math.LN2);
  const form = sub(add(mul(u, u), mul(v, v)), mul(mul(tanh(z), 2), mul(u, v)));
  const quadratic = mul(mul(form, exp(mul(logCosh, 2))), 0.5);
  return finish(add(add(quadratic, sub(add(logX, logY), logCosh)), Math.log(2 * Math.PI)), options);
}
