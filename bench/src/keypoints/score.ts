import { estimateTransform } from '@tiepoint/geometry';
import { atEqualDensity } from './equal-density.js';
import type { Prediction } from './method.js';
import {
  averagePrecision,
  chanceRepeatability,
  commonKeypoints,
  type MatchedPoints,
  matchingAccuracy,
  matchScore,
  repeatability,
  repeatableKeypoints,
  rootMeanSquareError,
  type Truth,
} from './metrics.js';

/** Thresholds at which accuracy, precision and repeatability are computed, px. */
export const thresholds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

type Px = (typeof thresholds)[number];

/** Thresholds that NN mAP is the mean over, px. */
const averaged: readonly Px[] = [2, 3, 4, 5, 6];
/** Px within which a keypoint is repeated, and within which a match of the whole pipeline is right. */
const repeatedWithin = 3;
const rightWithin = 3;
/** Residual of RANSAC, px; RMSE is of the matches it keeps. */
const ransac = 3;

/**
 * Names of metrics in the rows; a number after one is the threshold, px, but for 125, the keypoints for each 256² px of common ground
 * ({@link atEqualDensity}). `chance` is {@link chanceRepeatability}, `gain` what repeatability is above it, as a share of what could be.
 */
export type Metric =
  | 'repeatability'
  | 'chance'
  | 'repeatability125'
  | 'chance125'
  | 'gain125'
  | 'nnMap'
  | 'matchScore'
  | 'rmse'
  | 'seconds'
  | `repeatability${Px}`
  | `mma${Px}`
  | `ap${Px}`;

/** What one method reached on one pair; null where it is not defined, as RMSE without matches. */
export type PairScore = Readonly<Record<Metric, number | null>>;

/** Matches that are each other's nearest. */
export function mutualMatches({
  keypoints,
  described = keypoints,
  partner,
  back,
}: Pick<Prediction, 'keypoints' | 'described' | 'partner' | 'back'>): MatchedPoints {
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
  const found = estimateTransform(
    { source: matches.sensed, target: matches.reference },
    { model: 'projective', threshold: ransac, seed: 0 },
  );
  if (found === null) return none;
  const keep = (points: Float64Array): Float64Array => points.filter((_, i) => found.inliers[i >> 1] === 1);
  return { reference: keep(matches.reference), sensed: keep(matches.sensed) };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The values of a metric by threshold, under its names. */
function byThreshold<Name extends string>(
  name: Name,
  value: (px: Px) => number,
): Record<`${Name}${Px}`, number | null> {
  const entries = thresholds.map((px) => [`${name}${px}`, finite(value(px))] as const);
  // One entry for each threshold.
  return Object.fromEntries(entries) as Record<`${Name}${Px}`, number | null>;
}

/** Computes all metrics of a prediction. */
export function scorePrediction(prediction: Prediction, truth: Truth): PairScore {
  const { keypoints, described = keypoints, guided = false, partner, score, seconds } = prediction;
  const matches = mutualMatches(prediction);
  const kept = agreeing(matches);
  const repeated = (px: number): number => repeatability(keypoints.reference, keypoints.sensed, truth, px);
  const could = (px: number): number =>
    guided ? commonKeypoints(keypoints.reference, truth) : repeatableKeypoints(keypoints, truth, px);
  const dense = atEqualDensity(keypoints, truth);
  const repeatability125 = repeatability(dense.reference, dense.sensed, truth, repeatedWithin);
  const chance125 = chanceRepeatability(dense.reference, dense.sensed, truth, repeatedWithin);
  const precisions = byThreshold('ap', (px) =>
    averagePrecision({ ...described, partner, score }, truth, px, could(px)),
  );
  const defined = averaged.flatMap((px) => precisions[`ap${px}`] ?? []);
  return {
    repeatability: repeated(repeatedWithin),
    chance: chanceRepeatability(keypoints.reference, keypoints.sensed, truth, repeatedWithin),
    repeatability125,
    chance125,
    gain125: finite((repeatability125 - chance125) / (1 - chance125)),
    nnMap: finite(defined.reduce((sum, v) => sum + v, 0) / defined.length),
    matchScore: matchScore(matches, guided ? described : keypoints, truth, rightWithin),
    rmse: finite(rootMeanSquareError(kept, truth)),
    seconds,
    ...byThreshold('repeatability', repeated),
    ...byThreshold('mma', (px) => matchingAccuracy(matches, truth, px)),
    ...precisions,
  };
}
