import { shapeError } from '../error.js';
import { requireRank, resolveAxis, sameShape } from '../shape.js';
import { type Tensor, constant, node, nodeWithOutputs } from '../tensor.js';
import { add, div, mul, sub } from './arithmetic.js';
import { sqrt } from './elementwise.js';
import { reshape } from './movement.js';
import { reduceMean, reduceSum, sumTo } from './reduction.js';

/** What keeps a division by a small deviation in bounds. */
export interface NormalizationOptions {
  /** Added to the variance; 1e-5 unless named. */
  readonly epsilon?: number | undefined;
}

/**
 * Layer normalisation over the last axis (Ba 2016).
 *
 * @param scale - `[last axis]`
 * @param shift - `[last axis]`
 */
export function layerNormalize(x: Tensor, scale: Tensor, shift: Tensor, options: NormalizationOptions = {}): Tensor {
  const size = x.shape.at(-1);
  if (size === undefined || !sameShape(scale.shape, [size]) || !sameShape(shift.shape, [size])) {
    throw shapeError(
      'layerNormalize',
      [x.shape, scale.shape, shift.shape],
      'scale and shift need the size of the last axis',
    );
  }
  const statistics = [...x.shape.slice(0, -1), 1];
  return nodeWithOutputs(
    {
      operator: 'LayerNormalization',
      inputs: [x, scale, shift],
      attributes: { axis: -1, epsilon: { float: options.epsilon ?? 1e-5 } },
      gradient: ([g], { outputs }) => {
        if (!g) return [];
        const [, mean, inverse] = outputs as readonly Tensor[];
        const last = { axes: [-1], keepDims: true };
        const normalised = mul(sub(x, mean!), inverse!);
        const scaled = mul(g, scale);
        const along = mul(normalised, reduceMean(mul(scaled, normalised), last));
        const gx = mul(sub(sub(scaled, reduceMean(scaled, last)), along), inverse!);
        return [gx, sumTo(mul(g, normalised), scale.shape), sumTo(g, shift.shape)];
      },
    },
    [
      { dtype: 'float32', shape: x.shape },
      { dtype: 'float32', shape: statistics },
      { dtype: 'float32', shape: statistics },
    ],
  )[0] as Tensor;
}

/** Group normalisation (Wu 2018): channels of `[batch, channels, height, width]` in groups, each normalised over itself and space. */
export function groupNormalize(
  x: Tensor,
  groups: number,
  scale: Tensor,
  shift: Tensor,
  options: NormalizationOptions = {},
): Tensor {
  requireRank('groupNormalize', x.shape, 4, 'the image [batch, channels, height, width]');
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  if (channels % groups !== 0 || !sameShape(scale.shape, [channels]) || !sameShape(shift.shape, [channels])) {
    throw shapeError('groupNormalize', [x.shape, scale.shape, shift.shape], `channels do not fit ${groups} groups`);
  }
  const grouped = reshape(x, [batch, groups, (channels / groups) * height * width]);
  const centred = sub(grouped, reduceMean(grouped, { axes: [2], keepDims: true }));
  const variance = reduceMean(mul(centred, centred), { axes: [2], keepDims: true });
  const normalised = reshape(div(centred, sqrt(add(variance, options.epsilon ?? 1e-5))), x.shape);
  return add(mul(normalised, reshape(scale, [channels, 1, 1])), reshape(shift, [channels, 1, 1]));
}

/** A batch normalised by its own statistics, and these. */
export interface BatchStatistics {
  readonly output: Tensor;
  /** `[channels]` */
  readonly mean: Tensor;
  /** `[channels]`, not corrected for the degree of freedom. */
  readonly variance: Tensor;
}

/** Batch normalisation as in training (Ioffe 2015): every channel (axis 1) over batch and space, by the batch's own statistics. */
export function batchNormalizeTraining(
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  options: NormalizationOptions = {},
): BatchStatistics {
  const channels = x.shape[1];
  if (channels === undefined || !sameShape(scale.shape, [channels]) || !sameShape(shift.shape, [channels])) {
    throw shapeError(
      'batchNormalizeTraining',
      [x.shape, scale.shape, shift.shape],
      'scale and shift need one value a channel',
    );
  }
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const each = [channels, ...x.shape.slice(2).map(() => 1)];
  const mean = reduceMean(x, { axes, keepDims: true });
  const centred = sub(x, mean);
  const variance = reduceMean(mul(centred, centred), { axes, keepDims: true });
  // Scale and deviation are joined while small, so that only two passes go over the image.
  const factor = div(reshape(scale, each), reshape(sqrt(add(variance, options.epsilon ?? 1e-5)), each));
  return {
    output: add(mul(centred, factor), reshape(shift, each)),
    mean: reshape(mean, [channels]),
    variance: reshape(variance, [channels]),
  };
}

/** Batch normalisation as in inference, by stored statistics; ONNX Runtime folds it into a convolution before it. */
export function batchNormalize(
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  mean: Tensor,
  variance: Tensor,
  options: NormalizationOptions = {},
): Tensor {
  const channels = x.shape[1];
  if (channels === undefined || [scale, shift, mean, variance].some(({ shape }) => !sameShape(shape, [channels]))) {
    throw shapeError(
      'batchNormalize',
      [x.shape, scale.shape, shift.shape, mean.shape, variance.shape],
      'one value a channel',
    );
  }
  const epsilon = options.epsilon ?? 1e-5;
  const each = [channels, ...x.shape.slice(2).map(() => 1)];
  return node(
    {
      operator: 'BatchNormalization',
      inputs: [x, scale, shift, mean, variance],
      attributes: { epsilon: { float: epsilon } },
      gradient: (g) => {
        const inverse = div(1, sqrt(add(variance, epsilon)));
        const gx = mul(g, reshape(mul(scale, inverse), each));
        const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
        const sum = reduceSum(g, { axes });
        const along = mul(reduceSum(mul(g, sub(x, reshape(mean, each))), { axes }), inverse);
        const toMean = mul(mul(sum, mul(scale, inverse)), -1);
        const toVariance = mul(mul(mul(along, scale), mul(inverse, inverse)), -0.5);
        return [gx, along, sum, toMean, toVariance];
      },
    },
    'float32',
    x.shape,
  );
}

/** Vectors along an axis made unit length; ones shorter than `epsilon` stay short. */
export function l2Normalize(x: Tensor, axis = 1, epsilon = 1e-6): Tensor {
  const axes = [resolveAxis('l2Normalize', axis, x.shape)];
  const squares = reduceSum(mul(x, x), { axes, keepDims: true });
  return div(x, sqrt(add(squares, constant(epsilon * epsilon))));
}
