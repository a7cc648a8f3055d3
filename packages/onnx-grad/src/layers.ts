import { argumentError } from './error.js';
import { add } from './operations/arithmetic.js';
import { attention } from './operations/attention.js';
import { type ConvOptions, type ConvTransposeOptions, conv2d, convTranspose2d } from './operations/convolution.js';
import { matmul } from './operations/matmul.js';
import { reshape, transpose } from './operations/movement.js';
import {
  type NormalizationOptions,
  batchNormalize,
  batchNormalizeTraining,
  groupNormalize,
  layerNormalize,
} from './operations/normalization.js';
import { mul } from './operations/arithmetic.js';
import { type Parameter, type TensorsOf, filledParameter, normalParameter, uniformParameter } from './parameters.js';
import type { Random } from './random.js';
import { type Pair, pairOf } from './shape.js';
import type { Tensor } from './tensor.js';

/** Whether a network is built for training; layers that keep statistics hand over their new values here. */
export interface Mode {
  readonly training: boolean;
  /** Says what a parameter that is not trained becomes after this step. */
  update(parameter: Tensor, value: Tensor): void;
}

/** For inference: statistics are used, not updated. */
export const inference: Mode = { training: false, update: () => undefined };

/** Weights and bias of a convolution or dense layer. */
export type AffineParameters = {
  readonly weight: Parameter;
  readonly bias: Parameter;
};

/** Sizes of a convolution. */
export interface ConvSizes {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: Pair;
  readonly groups?: number;
}

/** Parameters of {@link conv}: weights normal with variance 2 / inputs of one output (He 2015), zero bias. */
export function convParameters(random: Random, { inputs, outputs, kernel, groups = 1 }: ConvSizes): AffineParameters {
  const [height, width] = pairOf(kernel);
  if (inputs % groups !== 0 || outputs % groups !== 0) {
    throw argumentError(
      'convParameters',
      `${inputs} inputs and ${outputs} outputs do not fit ${groups} groups`,
      groups,
    );
  }
  const shape = [outputs, inputs / groups, height, width];
  const fanIn = (inputs / groups) * height * width;
  return { weight: normalParameter(random, shape, Math.sqrt(2 / fanIn)), bias: filledParameter([outputs], 0) };
}

/** Convolution with bias; the groups follow from the shapes. */
export function conv(
  p: TensorsOf<AffineParameters>,
  x: Tensor,
  options: Omit<ConvOptions, 'bias' | 'groups'> = {},
): Tensor {
  return conv2d(x, p.weight, { ...options, bias: p.bias, groups: x.shape[1]! / p.weight.shape[1]! });
}

/** Parameters of {@link convTranspose}, initialised like {@link convParameters}. */
export function convTransposeParameters(
  random: Random,
  { inputs, outputs, kernel, groups = 1 }: ConvSizes,
): AffineParameters {
  const [height, width] = pairOf(kernel);
  const deviation = Math.sqrt(2 / ((inputs / groups) * height * width));
  return {
    weight: normalParameter(random, [inputs, outputs / groups, height, width], deviation),
    bias: filledParameter([outputs], 0),
  };
}

/** Transposed convolution with bias. */
export function convTranspose(
  p: TensorsOf<AffineParameters>,
  x: Tensor,
  options: Omit<ConvTransposeOptions, 'bias' | 'groups'> = {},
): Tensor {
  return convTranspose2d(x, p.weight, { ...options, bias: p.bias, groups: p.bias.shape[0]! / p.weight.shape[1]! });
}

/** Parameters of {@link dense}: weights uniform with variance 2 / (inputs + outputs) (Glorot 2010), zero bias. */
export function denseParameters(random: Random, inputs: number, outputs: number): AffineParameters {
  return {
    weight: uniformParameter(random, [inputs, outputs], Math.sqrt(6 / (inputs + outputs))),
    bias: filledParameter([outputs], 0),
  };
}

/** `x · weight + bias` over the last axis. */
export function dense(p: TensorsOf<AffineParameters>, x: Tensor): Tensor {
  return add(matmul(x, p.weight), p.bias);
}

/** Scale and shift of a normalisation. */
export type NormParameters = {
  readonly scale: Parameter;
  readonly shift: Parameter;
};

/** Scale 1 and shift 0. */
export function normParameters(channels: number): NormParameters {
  return { scale: filledParameter([channels], 1), shift: filledParameter([channels], 0) };
}

/** Parameters of {@link batchNorm}; the statistics are not trained. */
export type BatchNormParameters = NormParameters & {
  readonly mean: Parameter;
  readonly variance: Parameter;
};

/** Scale 1, shift 0, mean 0, variance 1. */
export function batchNormParameters(channels: number): BatchNormParameters {
  return {
    ...normParameters(channels),
    mean: filledParameter([channels], 0, false),
    variance: filledParameter([channels], 1, false),
  };
}

/**
 * Batch normalisation: by the batch in training (moving the stored statistics a little, `momentum`, towards it), by the stored
 * statistics in inference.
 */
export function batchNorm(
  p: TensorsOf<BatchNormParameters>,
  x: Tensor,
  mode: Mode,
  options: NormalizationOptions & { readonly momentum?: number } = {},
): Tensor {
  if (!mode.training) return batchNormalize(x, p.scale, p.shift, p.mean, p.variance, options);
  const { output, mean, variance } = batchNormalizeTraining(x, p.scale, p.shift, options);
  const momentum = options.momentum ?? 0.1;
  const move = (from: Tensor, to: Tensor): Tensor => add(mul(from, 1 - momentum), mul(to, momentum));
  mode.update(p.mean, move(p.mean, mean));
  mode.update(p.variance, move(p.variance, variance));
  return output;
}

/** A convolution that does what `conv` and then `norm` (by its stored statistics) do. */
export function foldBatchNorm(layer: AffineParameters, norm: BatchNormParameters, epsilon = 1e-5): AffineParameters {
  const { weight, bias } = layer;
  const perOutput = weight.data.length / bias.data.length;
  const factor = norm.scale.data.map((scale, c) => scale / Math.sqrt(norm.variance.data[c]! + epsilon));
  return {
    weight: { ...weight, data: weight.data.map((w, i) => w * factor[Math.floor(i / perOutput)]!) },
    bias: {
      ...bias,
      data: bias.data.map((b, c) => (b - norm.mean.data[c]!) * factor[c]! + norm.shift.data[c]!),
    },
  };
}

/** Layer normalisation over the last axis. */
export function layerNorm(p: TensorsOf<NormParameters>, x: Tensor, options: NormalizationOptions = {}): Tensor {
  return layerNormalize(x, p.scale, p.shift, options);
}

/** Group normalisation of `[batch, channels, height, width]`. */
export function groupNorm(
  p: TensorsOf<NormParameters>,
  x: Tensor,
  groups: number,
  options: NormalizationOptions = {},
): Tensor {
  return groupNormalize(x, groups, p.scale, p.shift, options);
}

/** The four projections of {@link multiHeadAttention}. */
export type AttentionParameters = {
  readonly query: AffineParameters;
  readonly key: AffineParameters;
  readonly value: AffineParameters;
  readonly output: AffineParameters;
};

/** Parameters of {@link multiHeadAttention} for vectors of `width`. */
export function attentionParameters(random: Random, width: number): AttentionParameters {
  const projection = (): AffineParameters => denseParameters(random, width, width);
  return { query: projection(), key: projection(), value: projection(), output: projection() };
}

/**
 * Multi-head attention (Vaswani 2017).
 *
 * @param x - `[batch, tokens, width]`, which asks
 * @param options - `heads`; `context` `[batch, keys, width]`, what is asked (`x` itself unless named); `mask`, added to the scores
 */
export function multiHeadAttention(
  p: TensorsOf<AttentionParameters>,
  x: Tensor,
  options: { readonly heads: number; readonly context?: Tensor; readonly mask?: Tensor },
): Tensor {
  const { heads, context = x, mask } = options;
  const width = x.shape.at(-1)!;
  if (width % heads !== 0)
    throw argumentError('multiHeadAttention', `width ${width} does not divide by ${heads} heads`, heads);
  const split = (projected: Tensor): Tensor =>
    transpose(reshape(projected, [...projected.shape.slice(0, 2), heads, width / heads]), [0, 2, 1, 3]);
  const attended = attention(
    split(dense(p.query, x)),
    split(dense(p.key, context)),
    split(dense(p.value, context)),
    mask,
  );
  return dense(p.output, reshape(transpose(attended, [0, 2, 1, 3]), x.shape));
}
