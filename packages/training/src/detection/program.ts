import {
  confidence,
  type ConfidenceOptions,
  type DetectionNetwork,
  type DetectionParameters,
} from '@tiepoint/matching';
import {
  type LossResult,
  type Mode,
  type Optimizer,
  type Tensor,
  type TensorsOf,
  type TrainingProgram,
  add,
  concat,
  div,
  gridSample,
  huberLoss,
  input,
  mul,
  reduceMean,
  reduceMax,
  reduceMin,
  reduceSum,
  reshape,
  slice,
  sqrt,
  sub,
  transpose,
} from 'onnx-grad';
import { commonCorners } from './common-corners.js';

/** The inputs of one batch; see {@link WarpedPairBatch}. */
export type DetectionBatch = {
  readonly first: Tensor;
  readonly second: Tensor;
  readonly grid: Tensor;
  readonly both: Tensor;
};

/**
 * What the terms of the loss weigh. The paper's is `huber` alone, whose least value is a constant map: without one of the others
 * the map collapses to it.
 */
export interface DetectionLossWeights {
  /** Equal confidence at equal places: Huber loss (7) after warping back. */
  readonly huber: number;
  /**
   * The same shape at the same place: 1 less the correlation of the two maps in windows. Unlike the cosine of R2D2, which a constant
   * satisfies, it is 1 for constant maps, and nothing is gained by making a map weak.
   */
  readonly agreement: number;
  /** Peaks somewhere: 1 less the difference of largest and mean confidence in windows (Revaud 2019, R2D2, eq. 3). */
  readonly peakiness: number;
  /**
   * Peaks where both images have corners: 1 less the correlation of each map with {@link commonCorners} in windows. The other terms say
   * that two maps should be alike, not what they should show; between SAR and optical images nothing tells them where to begin.
   */
  readonly guidance: number;
}

/** What training uses unless told otherwise. */
export const defaultDetectionLoss: DetectionLossWeights = { huber: 1, agreement: 1, peakiness: 0.5, guidance: 1 };

/** How a detection network is trained. */
export interface DetectionProgramOptions extends ConfidenceOptions {
  readonly network: DetectionNetwork;
  readonly parameters: DetectionParameters;
  /** Pairs in a batch. */
  readonly batch: number;
  /** Side of the crops, px: a multiple of the network's and of 16. */
  readonly side: number;
  readonly optimizer: Optimizer;
  readonly loss?: DetectionLossWeights;
  /** See {@link TrainingProgram.average}. */
  readonly average?: number;
}

/** δ of (7), on confidences within [0, 1]. */
const HUBER_DELTA = 0.2;
/** Side of the windows in which there should be a peak, px. */
const WINDOW = 16;
/** Windows for guidance are twice that, so that it also says which of neighbouring peaks are the better ones, px. */
const GUIDED = 32;

/** `[batch, 1, h, w]` as `[windows, side²]`; what does not fill a window is left out. */
function windows(x: Tensor, side = WINDOW): Tensor {
  const [batch, , height, width] = x.shape as [number, number, number, number];
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)];
  const whole = slice(x, { axes: [2, 3], starts: [0, 0], ends: [rows * side, columns * side] });
  const split = transpose(reshape(whole, [batch, rows, side, columns, side]), [0, 1, 3, 2, 4]);
  return reshape(split, [batch * rows * columns, side * side]);
}

/** The mean of values where a mask is 1. */
function maskedMean(values: Tensor, mask: Tensor): Tensor {
  return div(reduceSum(mul(values, mask)), add(reduceSum(mask), 1e-6));
}

/** One less the mean over the windows wholly seen in both of the correlation of two maps. */
function disagreement(a: Tensor, b: Tensor, both: Tensor, side = WINDOW): Tensor {
  const row = { axes: [1], keepDims: true };
  const normal = (x: Tensor): Tensor => {
    const centred = sub(windows(x, side), reduceMean(windows(x, side), row));
    return div(centred, sqrt(add(reduceSum(mul(centred, centred), row), 1e-6)));
  };
  const whole = reduceMin(windows(both, side), { axes: [1] });
  return sub(1, maskedMean(reduceSum(mul(normal(a), normal(b)), { axes: [1] }), whole));
}

/** Mean over the windows wholly seen in both of the largest less the mean confidence of a map. */
function peakHeight(x: Tensor, both: Tensor): Tensor {
  const rows = windows(x);
  const axes = { axes: [1] };
  return maskedMean(sub(reduceMax(rows, axes), reduceMean(rows, axes)), reduceMin(windows(both), axes));
}

/**
 * Self-supervised training of a detection network (Li, Han and Ye 2022, §3.2 and figure 3): both crops through one network, the
 * second's map warped back onto the first.
 */
export function detectionProgram(
  options: DetectionProgramOptions,
): TrainingProgram<DetectionParameters, DetectionBatch> {
  const { network, parameters, batch, side, optimizer, average, loss: weights = defaultDetectionLoss } = options;
  const image = [batch, 1, side, side];
  const inputs = {
    first: input('first', image),
    second: input('second', image),
    grid: input('grid', [batch, side, side, 2]),
    both: input('both', image),
  };
  const loss = (p: TensorsOf<DetectionParameters>, b: DetectionBatch, mode: Mode): LossResult => {
    const maps = confidence(network.build(p, concat([b.first, b.second], 0), mode), p, options);
    const map = (i: number): Tensor => slice(maps, { axes: [0], starts: [i * batch], ends: [(i + 1) * batch] });
    const back = gridSample(map(1), b.grid, { padding: 'border' });
    const huber = maskedMean(huberLoss(map(0), back, { delta: HUBER_DELTA, reduce: false }), b.both);
    const disagreed = disagreement(map(0), back, b.both);
    const corners = commonCorners(b.first, b.second, b.grid);
    const unguided = mul(
      add(disagreement(map(0), corners, b.both, GUIDED), disagreement(back, corners, b.both, GUIDED)),
      0.5,
    );
    const height = mul(add(peakHeight(map(0), b.both), peakHeight(back, b.both)), 0.5);
    const terms = [
      [weights.huber, huber],
      [weights.agreement, disagreed],
      [weights.peakiness, sub(1, height)],
      [weights.guidance, unguided],
    ] as const;
    const total = terms.flatMap(([weight, term]) => (weight === 0 ? [] : [mul(term, weight)]));
    return {
      loss: total.reduce((sum, term) => add(sum, term)),
      metrics: { huber, disagreement: disagreed, unguided, peakHeight: height },
    };
  };
  const kept = average === undefined ? {} : { average };
  return { parameters, batch: inputs, loss, optimizer, clipNorm: 5, ...kept };
}
