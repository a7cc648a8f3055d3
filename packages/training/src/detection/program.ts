import { type ConfidenceOptions, type DetectionNetwork, type DetectionParameters, logScore } from '@tiepoint/matching';
import {
  type LossResult,
  type Mode,
  type Optimizer,
  type Tensor,
  type TensorsOf,
  type TrainingProgram,
  add,
  concat,
  gridSample,
  huberLoss,
  input,
  mul,
  reduceMean,
  sigmoid,
  slice,
  sqrt,
  sub,
} from 'onnx-grad';
import { commonCorners } from './common-corners.js';
import { contrast } from './contrast.js';
import { keypointCount } from './counted-ground.js';
import { keypointTerms } from './keypoint-terms.js';
import { type DetectionLossWeights, defaultDetectionLoss, usesConsensus } from './loss-weights.js';
import { maskedMean } from './masked-mean.js';

/** The inputs of one batch; see `WarpedPairBatch`. */
export type DetectionBatch = {
  readonly first: Tensor;
  readonly second: Tensor;
  readonly grid: Tensor;
  readonly both: Tensor;
  /** `[1]`, `cornerShare`: for losses with `consensusMap` only. */
  readonly cornerShare?: Tensor;
};

/** How a detection network is trained. */
export interface DetectionProgramOptions extends ConfidenceOptions {
  readonly network: DetectionNetwork;
  readonly parameters: DetectionParameters;
  /** Pairs in a batch. */
  readonly batch: number;
  /** Side of the crops, px: a multiple of the network's and of 16. */
  readonly side: number;
  /** Px at the border of the crops that do not count; see `WarpedPairOptions`. */
  readonly border: number;
  readonly optimizer: Optimizer;
  readonly loss?: DetectionLossWeights | undefined;
  /** See {@link TrainingProgram.average}. */
  readonly average?: number | undefined;
}

/** δ of (7), on confidences within [0, 1]. */
const huberDelta = 0.2;
/** Slope and offset from ln O of peakiness to ln odds: flat ground has little chance, O = 3 more than even. */
const [oddsSlope, oddsOffset] = [4, 3];

/**
 * Self-supervised training of a detection network (Li, Han and Ye 2022, §3.2 and figure 3): both crops through one network, the
 * second's map warped back onto the first.
 */
export function detectionProgram(
  options: DetectionProgramOptions,
): TrainingProgram<DetectionParameters, DetectionBatch> {
  const { network, parameters, batch, side, optimizer, average, loss: weights = defaultDetectionLoss } = options;
  const image = [batch, 1, side, side];
  const pair = {
    first: input('first', image),
    second: input('second', image),
    grid: input('grid', [batch, side, side, 2]),
    both: input('both', image),
  };
  const inputs = usesConsensus(weights) ? { ...pair, cornerShare: input('cornerShare', [1]) } : pair;
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
    const strengths = commonCorners(b.first, b.second, b.grid);
    const count = keypointCount(side, options.border);
    const { mutual, guided, consensus, softmax, ...agreement } = keypointTerms(
      { first: oddsA, second: oddsB, both: b.both },
      strengths,
      count,
      b.cornerShare,
    );
    const unlike = contrast(part(features, 0), part(features, 1), b);
    const level = reduceMean(maps, { axes: [2, 3], keepDims: true });
    const spread = sqrt(reduceMean(mul(sub(maps, level), sub(maps, level))));
    const terms = [
      [weights.huber, huber],
      [weights.mutual, mutual],
      [weights.contrast, unlike],
      [weights.guidance, guided],
      [weights.consensus, consensus],
      [weights.softmax, softmax],
    ] as const;
    const total = terms.flatMap(([weight = 0, term]) =>
      weight === 0 || term === undefined ? [] : [mul(term, weight)],
    );
    return {
      loss: total.reduce((sum, term) => add(sum, term)),
      metrics: {
        huber,
        mutual,
        unlike,
        guided,
        ...(consensus && softmax ? { consensus, softmax } : {}),
        ...agreement,
        spread,
      },
    };
  };
  const kept = average === undefined ? {} : { average };
  return { parameters, batch: inputs, loss, optimizer, clipNorm: 5, ...kept };
}
