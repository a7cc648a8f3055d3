import { type Tensor, abs, add, exp, mul, neg, slice, softplus, squeeze, sub, tanh } from 'onnx-grad';

/** What DLSM says of patch pairs, each `[batch]`. */
export interface DlsmPrediction {
  /** Where the first patch's centre lies in the second, px right of its centre. */
  readonly dx: Tensor;
  /** The same, px down. */
  readonly dy: Tensor;
  /** Log of the standard deviation of the error of `dx`, px. */
  readonly logSigmaX: Tensor;
  readonly logSigmaY: Tensor;
  /** Inverse hyperbolic tangent of the errors' correlation. */
  readonly z: Tensor;
  /** Log of the similarity measure SM_det = √|C| = σx σy √(1 − ρ²) (Uss 2020, §3.3): small means similar. */
  readonly logArea: Tensor;
}

/** Limits of a standard deviation as logarithms, px: 0.05 to 20; an untrained network says about 1. */
const logSigmaRange = { middle: 0, reach: 3 } as const;
/** |ρ| stays below tanh of it, 0.96: a ReLU as in the paper would let the covariance become singular. */
const zLimit = 2;

/**
 * Reads the network's five outputs: the shift as it is, deviations and correlation through functions that keep them possible.
 *
 * @param outputs - `[batch, 5]`
 */
export function dlsmPrediction(outputs: Tensor): DlsmPrediction {
  const column = (i: number): Tensor => squeeze(slice(outputs, { starts: [i], ends: [i + 1], axes: [1] }), [1]);
  const logSigma = (i: number): Tensor =>
    add(mul(tanh(mul(column(i), 1 / logSigmaRange.reach)), logSigmaRange.reach), logSigmaRange.middle);
  const z = mul(tanh(mul(column(4), 1 / zLimit)), zLimit);
  const [logSigmaX, logSigmaY] = [logSigma(2), logSigma(3)];
  const logArea = sub(add(logSigmaX, logSigmaY), logCosh(z));
  return { dx: column(0), dy: column(1), logSigmaX, logSigmaY, z, logArea };
}

/** log cosh z = −½ log(1 − tanh² z). */
function logCosh(z: Tensor): Tensor {
  const size = abs(z);
  return sub(add(size, softplus(mul(size, -2))), Math.LN2);
}

/**
 * The loss (5) of a pair: −2 log-likelihood of the shift without its constant. The cross term carries ρ, not ρ² as printed.
 *
 * @param x - true shift, `[batch]`; @param y - likewise
 */
export function dlsmLoss(prediction: DlsmPrediction, x: Tensor, y: Tensor): Tensor {
  const { dx, dy, logSigmaX, logSigmaY, z, logArea } = prediction;
  const u = mul(sub(x, dx), exp(neg(logSigmaX)));
  const v = mul(sub(y, dy), exp(neg(logSigmaY)));
  const form = sub(add(mul(u, u), mul(v, v)), mul(mul(tanh(z), 2), mul(u, v)));
  return add(mul(form, exp(mul(logCosh(z), 2))), mul(logArea, 2));
}

/**
 * The loss (6) of a pair of different ground: (5) in the mean over errors of variance `variance` px² in each direction.
 * It is least where both variances are that and the correlation is 0.
 */
export function dlsmNegativeLoss(prediction: DlsmPrediction, variance: number): Tensor {
  const { logSigmaX, logSigmaY, z, logArea } = prediction;
  const spread = mul(add(exp(mul(logSigmaX, -2)), exp(mul(logSigmaY, -2))), variance);
  return add(mul(spread, exp(mul(logCosh(z), 2))), mul(logArea, 2));
}
