import {
  type AffineParameters,
  type AttentionParameters,
  type NormParameters,
  type Random,
  type Tensor,
  type TensorsOf,
  add,
  attentionParameters,
  dense,
  denseParameters,
  gelu,
  layerNorm,
  multiHeadAttention,
  normParameters,
} from 'onnx-grad';
import { vectorLength } from './encoder.js';

const heads = 4;
const hidden = 2 * vectorLength;

type AttentionBlock = { readonly norm: NormParameters; readonly attention: AttentionParameters };

/** Parameters of one layer; both sets go through the same. */
export type FusionParameters = {
  readonly self: AttentionBlock;
  readonly cross: AttentionBlock;
  readonly norm: NormParameters;
  readonly hidden: AffineParameters;
  readonly output: AffineParameters;
};

/** Vectors of the keypoints of two images, and which of them are there. */
export interface SetPair {
  /** `[sets, count, 256]` */
  readonly a: Tensor;
  readonly b: Tensor;
  /** `[sets, 1, 1, count]`, added to the scores of attention: 0, or very negative for rows that only fill the array. */
  readonly maskA?: Tensor;
  readonly maskB?: Tensor;
}

/** Fresh parameters of a layer. */
export function fusionParameters(random: Random): FusionParameters {
  const block = (): AttentionBlock => ({
    norm: normParameters(vectorLength),
    attention: attentionParameters(random, vectorLength),
  });
  return {
    self: block(),
    cross: block(),
    norm: normParameters(vectorLength),
    hidden: denseParameters(random, vectorLength, hidden),
    output: denseParameters(random, hidden, vectorLength),
  };
}

function attend(p: TensorsOf<AttentionBlock>, x: Tensor, context: Tensor, mask: Tensor | undefined): Tensor {
  const attentionOptions = { heads, context: layerNorm(p.norm, context), ...(mask === undefined ? {} : { mask }) };
  return add(x, multiHeadAttention(p.attention, layerNorm(p.norm, x), attentionOptions));
}

/**
 * One of the N_C layers (Li, Han and Ye 2022, §3.3, figure 4): attention (8) within each set, then with keys and values exchanged
 * between the sets, then two dense layers; each added to what it sees, normalised before.
 *
 * @param exchange - false keeps each set to itself, as a ViT does (the base of Table 2)
 */
export function fuse(p: TensorsOf<FusionParameters>, pair: SetPair, exchange: boolean): SetPair {
  const { maskA, maskB } = pair;
  const [selfA, selfB] = [attend(p.self, pair.a, pair.a, maskA), attend(p.self, pair.b, pair.b, maskB)];
  const crossA = exchange ? attend(p.cross, selfA, selfB, maskB) : attend(p.cross, selfA, selfA, maskA);
  const crossB = exchange ? attend(p.cross, selfB, selfA, maskA) : attend(p.cross, selfB, selfB, maskB);
  const refine = (x: Tensor): Tensor => add(x, dense(p.output, gelu(dense(p.hidden, layerNorm(p.norm, x)))));
  return { ...pair, a: refine(crossA), b: refine(crossB) };
}
