import {
  type AffineParameters,
  type BatchNormParameters,
  type Mode,
  type Random,
  type Tensor,
  type TensorsOf,
  batchNorm,
  batchNormParameters,
  conv,
  convParameters,
  dense,
  denseParameters,
  relu,
  reshape,
} from 'onnx-grad';

/** Numbers of a patch's vector (Li, Han and Ye 2022, §3.3). */
export const vectorLength = 256;

/** Sides a patch may have, px: those the paper compares. 96 was best there; 48 and 32 cost a third and a sixth. */
export const patchSides = [32, 48, 64, 96, 128] as const;

/** One of {@link patchSides}. */
export type PatchSide = (typeof patchSides)[number];

type EncoderLayer = { readonly conv: AffineParameters; readonly norm: BatchNormParameters };

/** Parameters of the patch encoder. */
export type EncoderParameters = {
  readonly layers: readonly EncoderLayer[];
  readonly output: AffineParameters;
};

/** Channels of the layers of stride 2, the last of which is followed by one of stride 1 as wide. */
const channelsOf: Readonly<Record<PatchSide, readonly number[]>> = {
  128: [32, 64, 128, 128, 128],
  96: [32, 64, 128, 128],
  64: [32, 64, 128, 128],
  48: [32, 64, 128],
  32: [32, 64, 128],
};

/** Fresh parameters of an encoder for patches of a side. */
export function encoderParameters(random: Random, side: PatchSide): EncoderParameters {
  const channels = channelsOf[side];
  const last = channels.at(-1)!;
  const rest = side / 2 ** channels.length;
  const layer = (inputs: number, outputs: number, kernel: number): EncoderLayer => ({
    conv: convParameters(random, { inputs, outputs, kernel }),
    norm: batchNormParameters(outputs),
  });
  return {
    layers: [
      ...channels.map((outputs, i) => layer(i === 0 ? 1 : channels[i - 1]!, outputs, i === 0 ? 5 : 3)),
      layer(last, last, 3),
    ],
    output: denseParameters(random, last * rest * rest, vectorLength),
  };
}

/**
 * Patches as vectors. The paper gives the sizes of what goes in and comes out; between them stand convolutions of stride 2 down to
 * 6 × 6 (4 × 4) samples, one more, and a dense layer.
 *
 * @param patches - `[count, 1, side, side]`, each of zero mean and unit variance
 * @returns `[count, 256]`
 */
export function encodePatches(p: TensorsOf<EncoderParameters>, patches: Tensor, mode: Mode): Tensor {
  let x = patches;
  for (const [i, layer] of p.layers.entries()) {
    const last = i === p.layers.length - 1;
    const options = { strides: last ? 1 : 2, padding: i === 0 ? 2 : 1 };
    x = relu(batchNorm(layer.norm, conv(layer.conv, x, options), mode));
  }
  return dense(p.output, reshape(x, [patches.shape[0]!, -1]));
}
