import { type ConfidenceOptions, type DetectionNetwork, type DetectionParameters, logScore } from '@tiepoint/matching';
import {
  type LossResult,
  type Mode,
  type Optimizer,
  type Tensor,
  type TensorsOf,
  type TrainingProgram,
  add,
  binaryCrossEntropy,
  broadcastTo,
  concat,
  constant,
  gridSample,
  huberLoss,
  identityGrid,
  input,
  l2Normalize,
  logSoftmax,
  matmul,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  sigmoid,
  slice,
  sqrt,
  sub,
  transpose,
} from 'onnx-grad';
import { commonCorners } from './common-corners.js';
import { keypointCount } from './counted-ground.js';
import { maskedMean } from './masked-mean.js';
import { largestAround, strongestPeaks } from './strongest-peaks.js';

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
   * Each image is asked where the other has keypoints: cross-entropy of its map with the other's {@link keypointsOf}, widened by what
   * counts as the same place. Their number is fixed, so that a flat map is no way out; and what one image shows alone the other cannot
   * foresee, so that keypoints move to what both show.
   */
  readonly mutual: number;
  /**
   * Features of D-2 alike at one place and unlike at others: each of a grid of places of one image is to find itself in the other
   * ({@link contrast}). Maps made of features that are alike are alike; a map's one number a pixel, the other way, hardly tells the
   * layers below what SAR and optical images have in common.
   */
  readonly contrast: number;
  /**
   * The same with the corners that both images have ({@link commonCorners}) in place of the other's keypoints: `mutual` says that
   * keypoints should repeat, not what they should show, and between SAR and optical images nothing tells it where to begin.
   */
  readonly guidance: number;
}

/** What training uses unless told otherwise, and the shipped weights come from: `mutual` asks for equal maps more strongly than (7). */
export const defaultDetectionLoss: DetectionLossWeights = { huber: 0, mutual: 1, contrast: 1, guidance: 0 };

/** How a detection network is trained. */
export interface DetectionProgramOptions extends ConfidenceOptions {
  readonly network: DetectionNetwork;
  readonly parameters: DetectionParameters;
  /** Pairs in a batch. */
  readonly batch: number;
  /** Side of the crops, px: a multiple of the network's and of 16. */
  readonly side: number;
  /** Px at the border of the crops that do not count; see {@link WarpedPairOptions}. */
  readonly border: number;
  readonly optimizer: Optimizer;
  readonly loss?: DetectionLossWeights | undefined;
  /** See {@link TrainingProgram.average}. */
  readonly average?: number | undefined;
}

/** δ of (7), on confidences within [0, 1]. */
const huberDelta = 0.2;
/** Side of the square that counts as the same place, px. */
const sameSide = 5;
/** Slope and offset from ln O of peakiness to ln odds: flat ground has little chance, O = 3 more than even. */
const [oddsSlope, oddsOffset] = [4, 3];

/** 1 at and around the strongest peaks of each map, else 0: the same place, as `sameSide` has it. */
function keypointsOf(maps: Tensor, mask: Tensor, count: number): Tensor {
  return largestAround(strongestPeaks(maps, mask, count), sameSide);
}

/** Px between the places that features are compared at. */
const placeSpacing = 8;
/** What cosines are multiplied by to be scores. */
const cosineSharpness = 12;

/**
 * Cross-entropy of finding each place of a grid among all of them in the other image, by the cosines of features.
 *
 * @param first - `[batch, channels, side / stride, side / stride]`
 * @param second - the same of the other image
 */
function contrast(first: Tensor, second: Tensor, { grid, both }: DetectionBatch): Tensor {
  const [batch, side] = grid.shape as [number, number];
  const pick = (x: Tensor, axes: readonly [number, number]): Tensor =>
    slice(x, {
      axes,
      starts: [placeSpacing / 2, placeSpacing / 2],
      ends: [side, side],
      steps: [placeSpacing, placeSpacing],
    });
  const there = pick(grid, [1, 2]);
  const n = there.shape[1]! * there.shape[2]!;
  const here = broadcastTo(pick(identityGrid(side, side), [1, 2]), there.shape);
  // Rectified features are all positive: about their mean, those of other places can be opposite.
  const centred = (x: Tensor): Tensor => sub(x, reduceMean(x, { axes: [0, 2, 3], keepDims: true }));
  const at = (features: Tensor, places: Tensor): Tensor =>
    l2Normalize(
      reshape(gridSample(centred(features), places, { padding: 'border' }), [batch, features.shape[1]!, n]),
      1,
    );
  const seen = reshape(pick(both, [2, 3]), [batch, 1, n]);
  const scores = mul(matmul(transpose(at(first, here), [0, 2, 1]), at(second, there)), cosineSharpness);
  const diagonal = constant(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
    [1, n, n],
  );
  const miss = (x: Tensor): Tensor => {
    const right = logSoftmax(add(x, mul(sub(seen, 1), 1e4)));
    return neg(maskedMean(reduceSum(mul(right, diagonal), { axes: [2] }), reshape(seen, [batch, n])));
  };
  return mul(add(miss(scores), miss(transpose(scores, [0, 2, 1]))), 0.5);
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
    const scales = network.build(p, concat([b.first, b.second], 0), mode);
    const scores = logScore(scales, p, options);
    const { features } = scales.at(-1)!;
    const part = (x: Tensor, i: number): Tensor =>
      slice(x, { axes: [0], starts: [i * batch], ends: [(i + 1) * batch] });
    const fromB = (x: Tensor): Tensor => gridSample(x, b.grid, { padding: 'border' });
    const maps = sigmoid(scores);
    const huber = maskedMean(
      huberLoss(part(maps, 0), fromB(part(maps, 1)), { delta: huberDelta, reduce: false }),
      b.both,
    );
    const odds = options.upsampling === 'direct' ? scores : sub(mul(scores, oddsSlope), oddsOffset);
    const [oddsA, oddsB] = [part(odds, 0), fromB(part(odds, 1))];
    const miss = (map: Tensor, target: Tensor): Tensor =>
      maskedMean(binaryCrossEntropy(map, target, { reduce: false }), b.both);
    const count = keypointCount(side, options.border);
    const keypointsA = keypointsOf(oddsA, b.both, count);
    const keypointsB = keypointsOf(oddsB, b.both, count);
    const mutual = mul(add(miss(oddsA, keypointsB), miss(oddsB, keypointsA)), 0.5);
    const corners = keypointsOf(commonCorners(b.first, b.second, b.grid), b.both, count);
    const guided = mul(add(miss(oddsA, corners), miss(oddsB, corners)), 0.5);
    const unlike = contrast(part(features, 0), part(features, 1), b);
    const level = reduceMean(maps, { axes: [2, 3], keepDims: true });
    const spread = sqrt(reduceMean(mul(sub(maps, level), sub(maps, level))));
    const terms = [
      [weights.huber, huber],
      [weights.mutual, mutual],
      [weights.contrast, unlike],
      [weights.guidance, guided],
    ] as const;
    const total = terms.flatMap(([weight, term]) => (weight === 0 ? [] : [mul(term, weight)]));
    return {
      loss: total.reduce((sum, term) => add(sum, term)),
      metrics: {
        huber,
        mutual,
        unlike,
        guided,
        // Of the ground around one's keypoints, and of all ground, the share that is around the other's: chance.
        common: maskedMean(keypointsB, mul(keypointsA, b.both)),
        chance: maskedMean(keypointsB, b.both),
        spread,
      },
    };
  };
  const kept = average === undefined ? {} : { average };
  return { parameters, batch: inputs, loss, optimizer, clipNorm: 5, ...kept };
}
