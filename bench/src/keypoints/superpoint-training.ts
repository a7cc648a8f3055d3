import type { DetectionBatch } from '@tiepoint/training';
import { commonCorners, keypointCount, maskedMean, strongestPeaks } from '@tiepoint/training/evaluation';
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
  gridSample,
  input,
  l2Normalize,
  log,
  matmul,
  maxPool2d,
  maximum,
  minimum,
  mul,
  neg,
  reshape,
  slice,
  sub,
  transpose,
} from 'onnx-grad';
import { superPointMaps, type SuperPointParameters } from './superpoint-network.js';

/** How the stand-in is trained. */
export interface SuperPointProgramOptions {
  readonly parameters: SuperPointParameters;
  /** Pairs in a batch. */
  readonly batch: number;
  /** Side of the crops, px: a multiple of 8. */
  readonly side: number;
  /** Px at the border of the crops that do not count. */
  readonly border: number;
  readonly optimizer: Optimizer;
  /** See {@link TrainingProgram.average}. */
  readonly average?: number | undefined;
}

/** Side of the squares of the heads, px. */
const cell = 8;
/** Factor of inner products of descriptors before the softmax. */
const sharpness = 20;

/** Sums over the squares of eight. */
function cellSums(x: Tensor): Tensor {
  return mul(avgPool2d(x, cell), cell * cell);
}

/**
 * SuperPoint's loss of the detector: of each square of eight the cross-entropy of its 65 classes, which of its pixels is a keypoint or
 * that none is.
 *
 * @param heat - likelihood of each pixel
 * @param labels - 1 at keypoints
 * @param both - squares count where it is 1 throughout
 */
function detectorLoss(heat: Tensor, labels: Tensor, both: Tensor): Tensor {
  const whole = neg(maxPool2d(neg(both), cell));
  const labelled = minimum(cellSums(labels), 1);
  // Of two keypoints in one square either is right.
  const right = cellSums(mul(heat, labels));
  const none = sub(1, cellSums(heat));
  const likelihood = add(mul(labelled, right), mul(sub(1, labelled), none));
  return neg(maskedMean(log(maximum(likelihood, 1e-6)), whole));
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
 * Trains SuperPoint's architecture on the crops our own detection network is trained on: both images of a pair, one of them warped.
 * Its keypoints are the corners that both images have. The published one is pretrained on drawn shapes and labels photographs by its
 * own detections in many warps, which is not done here. Asking for like maps and high peaks instead ends in one pixel of every square.
 */
export function superPointProgram(
  options: SuperPointProgramOptions,
): TrainingProgram<SuperPointParameters, DetectionBatch> {
  const { parameters, batch, side, border, optimizer, average } = options;
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
    const count = keypointCount(side, border);
    const labels = strongestPeaks(commonCorners(b.first, b.second, b.grid), b.both, count);
    // The labels are in the geometry of the first crop; which of a pair's images that is, is drawn.
    const detected = detectorLoss(half(maps.heat, 0), labels, b.both);
    const described = descriptorLoss(half(maps.descriptors, 0), half(maps.descriptors, 1), b);
    return { loss: add(detected, described), metrics: { detected, described } };
  };
  const kept = average === undefined ? {} : { average };
  return { parameters, batch: inputs, loss, optimizer, clipNorm: 5, ...kept };
}
