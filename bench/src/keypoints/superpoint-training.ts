import type { DetectionBatch } from '@tiepoint/training';
import {
  type LossResult,
  type Mode,
  type Optimizer,
  type Tensor,
  type TensorsOf,
  type TrainingProgram,
  add,
  avgPool2d,
  concat,
  constant,
  crossEntropy,
  div,
  gridSample,
  input,
  l2Normalize,
  matmul,
  maxPool2d,
  mul,
  neg,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceSum,
  reshape,
  slice,
  sqrt,
  sub,
  transpose,
} from 'onnx-grad';
import { superPointMaps, type SuperPointParameters } from './superpoint-network.js';

/** How the stand-in is trained. */
export interface SuperPointProgramOptions {
  readonly parameters: SuperPointParameters;
  /** Pairs in a batch. */
  readonly batch: number;
  /** Side of the crops, px: a multiple of 16. */
  readonly side: number;
  readonly optimizer: Optimizer;
  /** See {@link TrainingProgram.average}. */
  readonly average?: number;
}

/** Side of the squares of the heads, and of the windows in which there should be a peak, px. */
const cell = 8;
const windowSide = 16;
/** Factor of inner products of descriptors before the softmax. */
const sharpness = 20;

function maskedMean(values: Tensor, mask: Tensor): Tensor {
  return div(reduceSum(mul(values, mask)), add(reduceSum(mask), 1e-6));
}

/** `[batch, 1, h, w]` as `[windows, pixels]`. */
function windows(x: Tensor): Tensor {
  const [batch, , height, width] = x.shape as [number, number, number, number];
  const [rows, columns] = [height / windowSide, width / windowSide];
  const split = transpose(reshape(x, [batch, rows, windowSide, columns, windowSide]), [0, 1, 3, 2, 4]);
  return reshape(split, [batch * rows * columns, windowSide * windowSide]);
}

/** One less the correlation of two heat maps in windows, and one less how far peaks stand out. */
function heatLoss(first: Tensor, back: Tensor, both: Tensor): { disagreement: Tensor; flatness: Tensor } {
  const row = { axes: [1], keepDims: true };
  const whole = reduceMin(windows(both), { axes: [1] });
  const centred = (x: Tensor): Tensor => sub(windows(x), reduceMean(windows(x), row));
  const normal = (x: Tensor): Tensor => div(x, sqrt(add(reduceSum(mul(x, x), row), 1e-6)));
  const [a, b] = [centred(first), centred(back)];
  const height = (x: Tensor): Tensor => maskedMean(reduceMax(x, { axes: [1] }), whole);
  return {
    disagreement: sub(1, maskedMean(reduceSum(mul(normal(a), normal(b)), { axes: [1] }), whole)),
    flatness: sub(1, mul(add(height(a), height(b)), 0.5)),
  };
}

/** Each cell's descriptor chooses, among those of the other crop at the cells' places, the one at its own. */
function descriptorLoss(first: Tensor, second: Tensor, { grid, both }: DetectionBatch): Tensor {
  const [batch, height, width, length] = first.shape as [number, number, number, number];
  const cells = height * width;
  // The middle of a cell lies between its pixels.
  const places = transpose(avgPool2d(transpose(grid, [0, 3, 1, 2]), cell), [0, 2, 3, 1]);
  const seen = reshape(neg(maxPool2d(neg(both), cell)), [batch * cells]);
  const there = gridSample(transpose(second, [0, 3, 1, 2]), places, { padding: 'border' });
  const across = reshape(l2Normalize(there, 1), [batch, length, cells]);
  const logits = reshape(mul(matmul(reshape(first, [batch, cells, length]), across), sharpness), [-1, cells]);
  const own = Float32Array.from({ length: batch * cells * cells }, (_, i) =>
    Math.floor(i / cells) % cells === i % cells ? 1 : 0,
  );
  return maskedMean(crossEntropy(logits, constant(own, [batch * cells, cells]), { reduce: false }), seen);
}

/**
 * Trains SuperPoint's architecture by the self-supervision of our own detection network: crops of both images of a pair, one of them
 * warped. The published one is pretrained on drawn shapes and adapts to photographs by its own detections, which is not done here.
 */
export function superPointProgram(
  options: SuperPointProgramOptions,
): TrainingProgram<SuperPointParameters, DetectionBatch> {
  const { parameters, batch, side, optimizer, average } = options;
  const image = [batch, 1, side, side];
  const inputs = {
    first: input('first', image),
    second: input('second', image),
    grid: input('grid', [batch, side, side, 2]),
    both: input('both', image),
  };
  const loss = (p: TensorsOf<SuperPointParameters>, b: DetectionBatch, _mode: Mode): LossResult => {
    const maps = superPointMaps(p, concat([b.first, b.second], 0));
    const half = (x: Tensor, i: number): Tensor =>
      slice(x, { axes: [0], starts: [i * batch], ends: [(i + 1) * batch] });
    const back = gridSample(half(maps.heat, 1), b.grid, { padding: 'border' });
    const { disagreement, flatness } = heatLoss(half(maps.heat, 0), back, b.both);
    const described = descriptorLoss(half(maps.descriptors, 0), half(maps.descriptors, 1), b);
    return {
      loss: add(add(disagreement, mul(flatness, 0.5)), described),
      metrics: { disagreement, flatness, described },
    };
  };
  const kept = average === undefined ? {} : { average };
  return { parameters, batch: inputs, loss, optimizer, clipNorm: 5, ...kept };
}
