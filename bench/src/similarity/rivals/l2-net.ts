import {
  type AffineParameters,
  type BatchNormParameters,
  type Mode,
  type Random,
  type Tensor,
  type TensorsOf,
  batchNorm,
  conv,
  convParameters,
  filledParameter,
  l2Normalize,
  relu,
  reshape,
} from 'onnx-grad';

/** Outputs, kernel, stride and padding of each layer. */
const layerShapes = [
  [32, 3, 1, 1],
  [32, 3, 1, 1],
  [64, 3, 2, 1],
  [64, 3, 1, 1],
  [128, 3, 2, 1],
  [128, 3, 1, 1],
  [128, 8, 1, 0],
] as const;

/** Parameters of {@link l2Net}. */
export type L2NetParameters = readonly {
  readonly conv: AffineParameters;
  readonly norm: BatchNormParameters;
}[];

/** Statistics of batch normalisation without scale and shift: L2-Net fixes them to 1 and 0. */
function fixedNorm(channels: number): BatchNormParameters {
  return {
    scale: filledParameter([channels], 1, false),
    shift: filledParameter([channels], 0, false),
    mean: filledParameter([channels], 0, false),
    variance: filledParameter([channels], 1, false),
  };
}

/** Fresh parameters of {@link l2Net}. */
export function l2NetParameters(random: Random): L2NetParameters {
  return layerShapes.map(([outputs, kernel], i) => ({
    conv: convParameters(random, { inputs: i === 0 ? 1 : layerShapes[i - 1]![0], outputs, kernel }),
    norm: fixedNorm(outputs),
  }));
}

/** What L2-Net makes of patches. */
export interface L2NetFeatures {
  /** `[batch, 128]`, unit vectors. */
  readonly descriptors: Tensor;
  /** Normalised responses of the first and the last layer, `[batch, values]`: what its third loss compares. */
  readonly intermediate: readonly [first: Tensor, last: Tensor];
}

/**
 * L2-Net (Tian, Fan and Wu 2017, table 1): seven convolutions with batch normalisation turn a 32 × 32 patch into a unit vector of 128.
 *
 * @param patches - `[batch, 1, 32, 32]`, each of zero mean and unit variance
 */
export function l2Net(parameters: TensorsOf<L2NetParameters>, patches: Tensor, mode: Mode): L2NetFeatures {
  const normalised: Tensor[] = [];
  let x = patches;
  for (const [i, [, , strides, padding]] of layerShapes.entries()) {
    const layer = parameters[i]!;
    x = batchNorm(layer.norm, conv(layer.conv, x, { strides, padding }), mode);
    normalised.push(x);
    if (i < layerShapes.length - 1) x = relu(x);
  }
  const rows = (values: Tensor): Tensor => reshape(values, [values.shape[0]!, -1]);
  const [first, last] = [rows(normalised[0]!), rows(normalised.at(-1)!)];
  return { descriptors: l2Normalize(last, 1), intermediate: [first, last] };
}
