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
  pad,
  reduceMean,
  relu,
  reshape,
  slice,
} from 'onnx-grad';

/** A network that compares two patches. */
export interface PatchNetwork {
  readonly name: string;
  /** Fresh parameters. */
  readonly create: (random: Random, outputs: number) => ParameterTree;
  /**
   * @param parameters - what `create` made, as tensors: inputs while training, constants for inference
   * @param pairs - `[batch, 2, 32, 32]`, each patch of zero mean and unit variance
   * @returns `[batch, outputs]`
   */
  readonly build: (parameters: unknown, pairs: Tensor, mode: Mode) => Tensor;
}

/** A network whose parameters the compiler knows. */
interface Definition<P extends ParameterTree> {
  readonly name: string;
  readonly create: (random: Random, outputs: number) => P;
  readonly build: (parameters: TensorsOf<P>, pairs: Tensor, mode: Mode) => Tensor;
}

/** Forgets the type of the parameters, so that networks can stand in one list. */
function patchNetwork<P extends ParameterTree>(definition: Definition<P>): PatchNetwork {
  return definition as unknown as PatchNetwork;
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
export const paperNetwork = patchNetwork<PaperParameters>({
  name: 'paper',
  create: (random: Random, outputs: number) => ({
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
});

type NormalisedConv = { readonly conv: AffineParameters; readonly norm: BatchNormParameters };

function normalisedConvParameters(random: Random, inputs: number, outputs: number, kernel: number): NormalisedConv {
  return { conv: convParameters(random, { inputs, outputs, kernel }), norm: batchNormParameters(outputs) };
}

/** Offsets at which features are compared, to either side, px of the features. */
const offsetReach = 2;
/** Features compared, after a projection. */
const comparedFeatures = 8;

/** Products of the features of two maps at all small offsets: `[batch, channels, h, w]` twice to `[batch, offsets² · channels, h, w]`. */
function productsAtOffsets(a: Tensor, b: Tensor): Tensor {
  const [, , height, width] = a.shape as [number, number, number, number];
  const padded = pad(b, [
    [offsetReach, offsetReach],
    [offsetReach, offsetReach],
  ]);
  const offsets = Array.from({ length: 2 * offsetReach + 1 }, (_, i) => i);
  // All columns at once, then row by row: five large slices each way cost less than twenty-five small ones.
  const columns = concat(
    offsets.map((x) => slice(padded, { axes: [3], starts: [x], ends: [x + width] })),
    1,
  );
  const repeated = concat(
    offsets.map(() => a),
    1,
  );
  const products = offsets.map((y) => mul(repeated, slice(columns, { axes: [2], starts: [y], ends: [y + height] })));
  return concat(products, 1);
}

type CorrelationParameters = {
  readonly stem: NormalisedConv;
  readonly second: NormalisedConv;
  readonly project: AffineParameters;
  readonly volume: NormalisedConv;
  readonly pooled: BatchNormParameters;
  readonly fuse: NormalisedConv;
  readonly residual: NormalisedConv;
  readonly last: NormalisedConv;
  readonly hidden: AffineParameters;
  readonly output: AffineParameters;
};

/** Both patches through the same first layers, correlated there at small offsets, then a joint network. */
export const correlationNetwork = patchNetwork<CorrelationParameters>({
  name: 'correlation',
  create: (random: Random, outputs: number) => ({
    stem: normalisedConvParameters(random, 1, 32, 5),
    second: normalisedConvParameters(random, 32, 32, 3),
    project: convParameters(random, { inputs: 32, outputs: comparedFeatures, kernel: 1 }),
    volume: normalisedConvParameters(random, comparedFeatures * (2 * offsetReach + 1) ** 2, 32, 1),
    pooled: batchNormParameters(comparedFeatures * (2 * offsetReach + 1) ** 2),
    fuse: normalisedConvParameters(random, 96, 96, 3),
    residual: normalisedConvParameters(random, 96, 96, 3),
    last: normalisedConvParameters(random, 96, 128, 3),
    hidden: denseParameters(random, 2048 + comparedFeatures * (2 * offsetReach + 1) ** 2, 256),
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
    // Of a map with twice the channels, those of the first patch of each pair and those of the second.
    const halves = (x: Tensor): readonly [Tensor, Tensor, Tensor] => {
      const [, channels, height, width] = x.shape as [number, number, number, number];
      const both = reshape(x, [batch, 2 * channels, height, width]);
      const half = (i: number): Tensor =>
        slice(both, { axes: [1], starts: [i * channels], ends: [(i + 1) * channels] });
      return [both, half(0), half(1)];
    };
    const [both] = halves(each);
    const [, first, second] = halves(conv(p.project, each));
    const products = productsAtOffsets(first, second);
    const volume = relu(layer(p.volume, products));
    // How well the patches agree as a whole at each offset: without this shortcut shifts are learned several times more slowly.
    const pooled = batchNorm(p.pooled, reduceMean(products, { axes: [2, 3], keepDims: true }), mode);
    let x = concat([both, volume], 1);
    x = relu(layer(p.fuse, x, { strides: 2, padding: 1 }));
    x = relu(add(x, layer(p.residual, x, { padding: 1 })));
    x = relu(layer(p.last, x));
    const all = concat([reshape(x, [batch, -1]), reshape(pooled, [batch, -1])], 1);
    return dense(p.output, relu(dense(p.hidden, all)));
  },
});
