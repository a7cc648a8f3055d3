import { estimateTransform } from '@tiepoint/geometry';
import type { Prediction } from './method.js';
import {
  type MatchedPoints,
  matchingAccuracy,
  matchScore,
  nearestNeighbourMap,
  repeatability,
  rootMeanSquareError,
  type Truth,
} from './metrics.js';

/** Thresholds of MMA and NN mAP, px. */
const thresholds = [2, 3, 4, 5, 6] as const;
/** Px within which a keypoint is repeated, and within which a match of the whole pipeline is right. */
const repeatedWithin = 3;
const rightWithin = 3;
/** Residual of RANSAC, px; RMSE is of the matches it keeps. */
const ransac = 3;

/** Names of metrics in the rows. */
export type Metric =
  | 'repeatability'
  | 'nnMap'
  | 'mma2'
  | 'mma3'
  | 'mma4'
  | 'mma5'
  | 'mma6'
  | 'matchScore'
  | 'rmse'
  | 'seconds';

/** What one method reached on one pair; null where it is not defined, as RMSE without matches. */
export type PairScore = Readonly<Record<Metric, number | null>>;

/** Matches that are each other's nearest. */
function mutualMatches({ keypoints, described = keypoints, partner, back }: Prediction): MatchedPoints {
  const [reference, sensed]: [number[], number[]] = [[], []];
  for (const [i, j] of partner.entries()) {
    if (j < 0 || back[j] !== i) continue;
    reference.push(described.reference[2 * i]!, described.reference[2 * i + 1]!);
    sensed.push(described.sensed[2 * j]!, described.sensed[2 * j + 1]!);
  }
  return { reference: Float64Array.from(reference), sensed: Float64Array.from(sensed) };
}

/** The matches RANSAC keeps under a projective model (Li, Han and Ye 2022, §3.5). */
function agreeing(matches: MatchedPoints): MatchedPoints {
  const none = { reference: new Float64Array(0), sensed: new Float64Array(0) };
  if (matches.reference.length < 8) return none;
  const found = estimateTransform(matches, { model: 'projective', threshold: ransac, seed: 0 });
  if (found === null) return none;
  const keep = (points: Float64Array): Float64Array => points.filter((_, i) => found.inliers[i >> 1] === 1);
  return { reference: keep(matches.reference), sensed: keep(matches.sensed) };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Computes all metrics of a prediction. */
export function scorePrediction(prediction: Prediction, truth: Truth): PairScore {
  const { keypoints, described = keypoints, partner, score, seconds } = prediction;
  const matches = mutualMatches(prediction);
  const kept = agreeing(matches);
  const accuracy = (px: number): number => matchingAccuracy(matches, truth, px);
  return {
    repeatability: repeatability(keypoints.reference, keypoints.sensed, truth, repeatedWithin),
    nnMap: finite(nearestNeighbourMap({ ...described, partner, score }, truth, thresholds)),
    mma2: accuracy(2),
    mma3: accuracy(3),
    mma4: accuracy(4),
    mma5: accuracy(5),
    mma6: accuracy(6),
    matchScore: matchScore(matches, keypoints, truth, rightWithin),
    rmse: finite(rootMeanSquareError(kept, truth)),
    seconds,
  };
}
