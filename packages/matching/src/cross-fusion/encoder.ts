import {
  type AffineParameters,
  type BatchNormParameters,
  type Mode,
  type Random,
  type Tensor,
  type TensorsOf,
  add,
  batchNorm,
  batchNormParameters,
  concat,
  conv,
  convParameters,
  l2Normalize,
  relu,
  reshape,
  slice,
} from 'onnx-grad';
import { polarGrid } from '../image/polar-patches.js';

/** Directions of a patch's vector, and numbers of each. */
export const vectorDirections = 16;
const perDirection = 16;
/** Numbers of a patch's vector (Li, Han and Ye 2022, §3.3). */
export const vectorLength = vectorDirections * perDirection;

/** Sides a patch may have, px: those the paper compares, of which 96 was best. A polar patch has this diameter. */
export const patchSides = [32, 48, 64, 96, 128] as const;

/** One of {@link patchSides}. */
export type PatchSide = (typeof patchSides)[number];

type EncoderLayer = { readonly conv: AffineParameters; readonly norm: BatchNormParameters };

/** Parameters of the patch encoder. */
export type EncoderParameters = {
  readonly layers: readonly EncoderLayer[];
  readonly output: AffineParameters;
};

/** Kernel, stride and channels of the layers. */
const plan = [
  { kernel: 5, stride: 2, outputs: 32 },
  { kernel: 3, stride: 1, outputs: 32 },
  { kernel: 3, stride: 2, outputs: 64 },
  { kernel: 3, stride: 1, outputs: 64 },
  { kernel: 3, stride: 1, outputs: 64 },
] as const;
/** Rings that are left after the strides. */
const ringsLeft = polarGrid.rings / 4;

/** Fresh parameters of an encoder. */
export function encoderParameters(random: Random): EncoderParameters {
  return {
    layers: plan.map(({ kernel, outputs }, i) => ({
      conv: convParameters(random, { inputs: i === 0 ? 1 : plan[i - 1]!.outputs, outputs, kernel }),
      norm: batchNormParameters(outputs),
    })),
    output: convParameters(random, { inputs: plan.at(-1)!.outputs, outputs: perDirection, kernel: [ringsLeft, 3] }),
  };
}

/** Repeats `margin` columns of the other end at each end: directions go round. */
function goRound(x: Tensor, margin: number): Tensor {
  const width = x.shape[3]!;
  const columns = (from: number, to: number): Tensor => slice(x, { axes: [3], starts: [from], ends: [to] });
  return concat([columns(width - margin, width), x, columns(0, margin)], 3);
}

/**
 * Polar patches as vectors of unit length. The paper gives the sizes of what goes in and comes out; between them stand convolutions
 * that go round the directions, and one over all rings.
 *
 * The vector has {@link vectorDirections} numbers for each of its channels, one a direction: where the image turns by one of them,
 * they move on by one, exactly. Turning a vector costs nothing, turning an image all its patches.
 *
 * @param patches - `[count, 1, rings, directions]`, each of zero mean and unit variance; see `samplePolarPatch`
 * @returns `[count, 256]`
 */
export function encodePatches(p: TensorsOf<EncoderParameters>, patches: Tensor, mode: Mode): Tensor {
  let x = patches;
  for (const [i, layer] of p.layers.entries()) {
    const { kernel, stride } = plan[i]!;
    const margin = (kernel - 1) / 2;
    const options = { strides: stride, padding: [margin, 0] as const };
    const made = batchNorm(layer.norm, conv(layer.conv, goRound(x, margin), options), mode);
    x = relu(made.shape[1] === x.shape[1] && stride === 1 ? add(made, x) : made);
  }
  const vectors = conv(p.output, goRound(x, 1));
  return l2Normalize(reshape(vectors, [patches.shape[0]!, vectorLength]), 1);
}
