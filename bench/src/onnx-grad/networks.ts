import {
  type NamedTensors,
  type ParameterTree,
  type Tensor,
  type TensorsOf,
  type TrainingProgram,
  adam,
  attentionParameters,
  bivariateGaussianLoss,
  conv,
  convParameters,
  createRandom,
  crossEntropy,
  add,
  dense,
  denseParameters,
  gelu,
  input,
  layerNorm,
  maxPool2d,
  meanSquaredError,
  multiHeadAttention,
  normParameters,
  parameterConstants,
  reduceMean,
  relu,
  reshape,
  slice,
  sub,
} from 'onnx-grad';

/** A network of the bench, to be trained and run. */
export interface BenchCase {
  readonly name: 'dlsm' | 'separable' | 'transformer';
  /** Examples in a batch. */
  readonly batch: number;
  /** Multiplications and additions of the way forward for one example, counted as two operations. */
  readonly forwardFlops: number;
  readonly program: TrainingProgram<ParameterTree, NamedTensors>;
  /** The way forward with constant weights. */
  readonly forward: Tensor;
}

const random = createRandom(1);

/** DLSM's network (Uss 2020): two patches to a translation and its covariance. */
export function dlsm(batch = 192): BenchCase {
  const parameters = {
    features: [
      convParameters(random, { inputs: 2, outputs: 48, kernel: 3 }),
      convParameters(random, { inputs: 48, outputs: 96, kernel: 3 }),
      convParameters(random, { inputs: 96, outputs: 192, kernel: 3 }),
    ],
    hidden: denseParameters(random, 768, 256),
    output: denseParameters(random, 256, 5),
  };
  const network = (p: TensorsOf<typeof parameters>, patches: Tensor): Tensor => {
    let x = patches;
    for (const layer of p.features) x = maxPool2d(relu(conv(layer, x)), 2);
    return dense(p.output, relu(dense(p.hidden, reshape(x, [batch, -1]))));
  };
  const inputs = { x: input('x', [batch, 2, 32, 32]), y: input('y', [batch, 2]) };
  const program: TrainingProgram<typeof parameters, typeof inputs> = {
    parameters,
    batch: inputs,
    loss: (p, b) => {
      const answer = network(p, b.x);
      const shift = slice(answer, { starts: [0], ends: [2], axes: [1] });
      const spread = slice(answer, { starts: [2], ends: [5], axes: [1] });
      return bivariateGaussianLoss(sub(b.y, shift), spread);
    },
    optimizer: adam(),
  };
  const macs = 900 * 48 * 18 + 169 * 96 * 432 + 16 * 192 * 864 + 768 * 256 + 256 * 5;
  return {
    name: 'dlsm',
    batch,
    forwardFlops: 2 * macs,
    program: program as unknown as BenchCase['program'],
    forward: network(parameterConstants(parameters), inputs.x),
  };
}

/** Outputs and stride of each depthwise-separable block. */
const separableBlocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
] as const;

/** Depthwise-separable convolutions (Howard 2017) on 224². */
function separable(): BenchCase {
  const batch = 8;
  let channels = 32;
  let side = 112;
  let macs = side * side * 32 * 27;
  const blocks = separableBlocks.map(([outputs, stride]) => {
    const block = {
      depthwise: convParameters(random, { inputs: channels, outputs: channels, kernel: 3, groups: channels }),
      pointwise: convParameters(random, { inputs: channels, outputs, kernel: 1 }),
    };
    side /= stride;
    macs += side * side * channels * (9 + outputs);
    channels = outputs;
    return block;
  });
  const parameters = {
    stem: convParameters(random, { inputs: 3, outputs: 32, kernel: 3 }),
    blocks,
    output: denseParameters(random, channels, 10),
  };
  const network = (p: TensorsOf<typeof parameters>, images: Tensor): Tensor => {
    let x = relu(conv(p.stem, images, { strides: 2, padding: 1 }));
    for (const [i, block] of p.blocks.entries()) {
      x = relu(conv(block.depthwise, x, { strides: separableBlocks[i]![1], padding: 1 }));
      x = relu(conv(block.pointwise, x));
    }
    return dense(p.output, reduceMean(x, { axes: [2, 3] }));
  };
  const inputs = { x: input('x', [batch, 3, 224, 224]), y: input('y', [batch, 10]) };
  const program: TrainingProgram<typeof parameters, typeof inputs> = {
    parameters,
    batch: inputs,
    loss: (p, b) => crossEntropy(network(p, b.x), b.y),
    optimizer: adam(),
  };
  return {
    name: 'separable',
    batch,
    forwardFlops: 2 * (macs + channels * 10),
    program: program as unknown as BenchCase['program'],
    forward: network(parameterConstants(parameters), inputs.x),
  };
}

/** Four layers of a transformer on 256 tokens of 256 numbers, normalised before each half. */
function transformer(): BenchCase {
  const [batch, tokens, width, heads, depth] = [8, 256, 256, 4, 4];
  const parameters = {
    layers: Array.from({ length: depth }, () => ({
      before: normParameters(width),
      attention: attentionParameters(random, width),
      between: normParameters(width),
      up: denseParameters(random, width, 4 * width),
      down: denseParameters(random, 4 * width, width),
    })),
  };
  const network = (p: TensorsOf<typeof parameters>, words: Tensor): Tensor => {
    let x = words;
    for (const layer of p.layers) {
      x = add(x, multiHeadAttention(layer.attention, layerNorm(layer.before, x), { heads }));
      x = add(x, dense(layer.down, gelu(dense(layer.up, layerNorm(layer.between, x)))));
    }
    return x;
  };
  const inputs = { x: input('x', [batch, tokens, width]), y: input('y', [batch, tokens, width]) };
  const program: TrainingProgram<typeof parameters, typeof inputs> = {
    parameters,
    batch: inputs,
    loss: (p, b) => meanSquaredError(network(p, b.x), b.y),
    optimizer: adam(),
  };
  const macs = depth * (tokens * width * width * 12 + 2 * tokens * tokens * width);
  return {
    name: 'transformer',
    batch,
    forwardFlops: 2 * macs,
    program: program as unknown as BenchCase['program'],
    forward: network(parameterConstants(parameters), inputs.x),
  };
}

/** The networks of the bench; each keeps its weights. */
export const benchCases: Readonly<Record<BenchCase['name'], () => BenchCase>> = {
  dlsm: () => dlsm(),
  separable,
  transformer,
};
