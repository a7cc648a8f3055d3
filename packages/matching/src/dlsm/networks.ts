import {
  type AffineParameters,
  type BatchNormParameters,
  type Mode,
  type ParameterTree,
  type Random,
  type Tensor,
  type TensorsOf,
  add,
  batchNorm,
  batchNormParameters,
  concat,
  conv,
  convParameters,
  dense,
  denseParameters,
  maxPool2d,
  mul,
  relu,
  reshape,
  slice,
} from 'onnx-grad';

/** A network that compares two patches. */
export interface PatchNetwork<P extends ParameterTree = ParameterTree> {
  readonly name: string;
  /** Fresh parameters. */
  readonly create: (random: Random, outputs: number) => P;
  /**
   * @param pairs - `[batch, 2, 32, 32]`, each patch of zero mean and unit variance
   * @returns `[batch, outputs]`
   */
  readonly build: (parameters: TensorsOf<P>, pairs: Tensor, mode: Mode) => Tensor;
}

type PaperParameters = {
  readonly features: readonly AffineParameters[];
  readonly hidden: AffineParameters;
  readonly output: AffineParameters;
};

/**
 * The two-channel network of the paper (Uss 2020, §3.4): three times a 3 × 3 convolution and 2 × 2 pooling with 48, 96 and 192
 * features, then two dense layers; the hidden one, whose size is not given, has 256.
 */
export const paperNetwork: PatchNetwork<PaperParameters> = {
  name: 'paper',
  create: (random, outputs) => ({
    features: [
      convParameters(random, { inputs: 2, outputs: 48, kernel: 3 }),
      convParameters(random, { inputs: 48, outputs: 96, kernel: 3 }),
      convParameters(random, { inputs: 96, outputs: 192, kernel: 3 }),
    ],
    hidden: denseParameters(random, 768, 256),
    output: denseParameters(random, 256, outputs),
  }),
  build: (p, pairs) => {
    let x = pairs;
    for (const layer of p.features) x = relu(maxPool2d(conv(layer, x), 2));
    return dense(p.output, relu(dense(p.hidden, reshape(x, [x.shape[0]!, -1]))));
  },
};

type NormalisedConv = { readonly conv: AffineParameters; readonly norm: BatchNormParameters };

function normalisedConvParameters(random: Random, inputs: number, outputs: number, kernel: number): NormalisedConv {
  return { conv: convParameters(random, { inputs, outputs, kernel }), norm: batchNormParameters(outputs) };
}

type DeepParameters = {
  readonly stem: NormalisedConv;
  readonly second: NormalisedConv;
  readonly third: NormalisedConv;
  readonly residual: NormalisedConv;
  readonly last: NormalisedConv;
  readonly hidden: AffineParameters;
  readonly output: AffineParameters;
};

/** Two channels in, strides in place of pooling, batch normalisation, a residual block. */
export const deepNetwork: PatchNetwork<DeepParameters> = {
  name: 'deep',
  create: (random, outputs) => ({
    stem: normalisedConvParameters(random, 2, 48, 5),
    second: normalisedConvParameters(random, 48, 64, 3),
    third: normalisedConvParameters(random, 64, 96, 3),
    residual: normalisedConvParameters(random, 96, 96, 3),
    last: normalisedConvParameters(random, 96, 128, 3),
    hidden: denseParameters(random, 2048, 256),
    output: denseParameters(random, 256, outputs),
  }),
  build: (p, pairs, mode) => {
    const layer = (q: TensorsOf<NormalisedConv>, x: Tensor, options = {}): Tensor =>
      batchNorm(q.norm, conv(q.conv, x, options), mode);
    let x = relu(layer(p.stem, pairs, { strides: 2 }));
    x = relu(layer(p.second, x));
    x = relu(layer(p.third, x, { strides: 2, padding: 1 }));
    x = relu(add(x, layer(p.residual, x, { padding: 1 })));
    x = relu(layer(p.last, x));
    return dense(p.output, relu(dense(p.hidden, reshape(x, [x.shape[0]!, -1]))));
  },
};

type FusedParameters = {
  readonly stem: NormalisedConv;
  readonly second: NormalisedConv;
  readonly fuse: NormalisedConv;
  readonly residual: NormalisedConv;
  readonly last: NormalisedConv;
  readonly hidden: AffineParameters;
  readonly output: AffineParameters;
};

/** Both patches through the same first layers, compared by sum and product there, then a joint network. */
export const fusedNetwork: PatchNetwork<FusedParameters> = {
  name: 'fused',
  create: (random, outputs) => ({
    stem: normalisedConvParameters(random, 1, 32, 5),
    second: normalisedConvParameters(random, 32, 32, 3),
    fuse: normalisedConvParameters(random, 96, 96, 3),
    residual: normalisedConvParameters(random, 96, 96, 3),
    last: normalisedConvParameters(random, 96, 128, 3),
    hidden: denseParameters(random, 2048, 256),
    output: denseParameters(random, 256, outputs),
  }),
  build: (p, pairs, mode) => {
    const layer = (q: TensorsOf<NormalisedConv>, x: Tensor, options = {}): Tensor =>
      batchNorm(q.norm, conv(q.conv, x, options), mode);
    const [batch] = pairs.shape as [number];
    // The patches of a pair one after the other, as a batch of single images.
    let each = reshape(pairs, [2 * batch, 1, pairs.shape[2]!, pairs.shape[3]!]);
    each = relu(layer(p.stem, each, { strides: 2 }));
    each = relu(layer(p.second, each));
    const [, channels, height, width] = each.shape as [number, number, number, number];
    const both = reshape(each, [batch, 2 * channels, height, width]);
    const side = (i: number): Tensor => slice(both, { axes: [1], starts: [i * channels], ends: [(i + 1) * channels] });
    let x = concat([both, mul(side(0), side(1))], 1);
    x = relu(layer(p.fuse, x, { strides: 2, padding: 1 }));
    x = relu(add(x, layer(p.residual, x, { padding: 1 })));
    x = relu(layer(p.last, x));
    return dense(p.output, relu(dense(p.hidden, reshape(x, [batch, -1]))));
  },
};
