import {
  type AffineParameters,
  type Tensor,
  type TensorsOf,
  add,
  avgPool2d,
  conv,
  log,
  mul,
  reduceMax,
  reduceMean,
  relu,
  reshape,
  resize,
  sigmoid,
  softplus,
  sub,
  transpose,
} from 'onnx-grad';
import type { DetectionParameters, ScaleFeatures } from './networks.js';

/** Weights Δ of the three scales in (3): W3 of the paper. */
export const paperScaleWeights = [0.1, 0.3, 0.6] as const;

/**
 * How three scales become one map.
 *
 * `score`: γ where the features are, then enlarged (cubic, so that peaks lie between samples too). `features`: features enlarged
 * (bilinear), then γ, as printed; at 512 channels it takes gigabytes. `learned`: each scale enlarged to eight channels by a
 * pointwise convolution whose outputs are the pixels of a sample's square (Shi 2016), then γ: the "upsampling network" of §3.2, of
 * which no more is said. `direct`, which is not of the paper: each scale to one channel
 * by a pointwise convolution, then enlarged (cubic); their sum is ln O.
 */
export type Upsampling = 'score' | 'features' | 'learned' | 'direct';

/** How confidence is made of features. */
export interface ConfidenceOptions {
  /** Default {@link paperScaleWeights}. */
  readonly scaleWeights?: readonly [number, number, number] | undefined;
  /** Default `score`. */
  readonly upsampling?: Upsampling | undefined;
}

/**
 * Peakiness (4)–(6): how far a feature stands out of the other channels (β) and of its 3 × 3 neighbourhood (α), multiplied, of the
 * channel where that is most.
 *
 * @param y - `[batch, channels, height, width]`
 * @returns `[batch, 1, height, width]`, positive; (ln 2)² where features are flat
 */
export function peakiness(y: Tensor): Tensor {
  const beta = softplus(sub(y, reduceMean(y, { axes: [1], keepDims: true })));
  const alpha = softplus(sub(y, avgPool2d(y, 3, { strides: 1, padding: 1 })));
  return reduceMax(mul(alpha, beta), { axes: [1], keepDims: true });
}

/** `[batch, channels · stride², height, width]` to `[batch, channels, height · stride, width · stride]`. */
function depthToSpace(x: Tensor, stride: number): Tensor {
  const [batch, depth, height, width] = x.shape as [number, number, number, number];
  const channels = depth / stride ** 2;
  const split = reshape(x, [batch, channels, stride, stride, height, width]);
  return reshape(transpose(split, [0, 1, 4, 2, 5, 3]), [batch, channels, height * stride, width * stride]);
}

function fullSizeScore(
  scale: ScaleFeatures,
  p: TensorsOf<AffineParameters>,
  upsampling: Exclude<Upsampling, 'direct'>,
): Tensor {
  const { features, stride } = scale;
  const size = [features.shape[2]! * stride, features.shape[3]! * stride] as const;
  switch (upsampling) {
    case 'score':
      // Cubic interpolation undershoots beside strong peaks; γ is positive.
      return relu(resize(peakiness(features), size, { mode: 'cubic' }));
    case 'features':
      return peakiness(resize(features, size));
    case 'learned':
      return peakiness(depthToSpace(conv(p, features), stride));
  }
}

/**
 * The logarithm of the keypoint feature map O of (3), weighted over the scales.
 *
 * @returns `[batch, 1, height, width]`
 */
export function logScore(
  scales: readonly ScaleFeatures[],
  p: TensorsOf<DetectionParameters>,
  options: ConfidenceOptions = {},
): Tensor {
  const { scaleWeights = paperScaleWeights, upsampling = 'score' } = options;
  if (upsampling === 'direct') {
    const parts = scales.map(({ features, stride }, i) => {
      const size = [features.shape[2]! * stride, features.shape[3]! * stride] as const;
      return resize(conv(p.upsampling[i]!, features), size, { mode: 'cubic' });
    });
    return parts.reduce((sum, part) => add(sum, part));
  }
  const parts = scales.flatMap((scale, i) => {
    const weight = scaleWeights[i]!;
    return weight === 0 ? [] : [mul(fullSizeScore(scale, p.upsampling[i]!, upsampling), weight)];
  });
  return log(parts.reduce((sum, part) => add(sum, part)));
}

/**
 * The keypoint feature map O, brought to [0, 1) as C = O / (1 + O).
 *
 * The paper does not say how O is normalised. This one is the same for each pixel of each image, so tiles agree and a threshold means
 * the same everywhere. Of peakiness, flat ground has 0.32, and the paper's 0.6 is O = 1.5; of `direct` upsampling the scale is what
 * the weights have learned.
 *
 * @returns `[batch, 1, height, width]`
 */
export function confidence(
  scales: readonly ScaleFeatures[],
  p: TensorsOf<DetectionParameters>,
  options: ConfidenceOptions = {},
): Tensor {
  return sigmoid(logScore(scales, p, options));
}
