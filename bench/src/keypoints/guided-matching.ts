import {
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
  type Plane,
  transformPoint,
} from '@tiepoint/geometry';
import { type Dlsm, type Engine, localisePatches, spreadOf } from '@tiepoint/matching';
import type { Prediction } from './method.js';
import { inside, type MatchedPoints } from './metrics.js';

/**
 * Each round takes the matches that agree within so many px and looks that far from where they put a keypoint: twice for those that
 * have such a match, then for every second of the reference, then for all, whether or not the sensed image has a keypoint there.
 */
const rounds = [
  { agreeing: 8, reach: 6, every: null },
  { agreeing: 4, reach: 6, every: null },
  { agreeing: 4, reach: 6, every: 2 },
  { agreeing: 3, reach: 3, every: 1 },
] as const;

/** Names what is done here: predictions of another way are not those of this one. */
export const guidedMatchingVersion = `guided ${JSON.stringify(rounds)}`;

/** Keypoints of the reference and where they lie in the sensed image. */
export interface GuidedMatches extends MatchedPoints {
  /** Index of each among the reference's keypoints. */
  readonly keypoint: readonly number[];
  /** Geometric mean of the predicted deviations, px. */
  readonly deviation: Float64Array;
}

/** Points of the reference, where they were found, and which of those looked for they are. */
interface Found extends MatchedPoints {
  readonly row: readonly number[];
  /** [xx, xy, yy] px² of the reference. */
  readonly covariance: Float64Array;
  readonly deviation: Float64Array;
}

/** Localises points of the reference around where a geometry puts them; those that are not on the sensed image's ground are left out. */
async function localised(
  engine: Engine,
  dlsm: Dlsm,
  [reference, sensed]: readonly [Plane, Plane],
  referenceToSensed: MatrixTransform,
  points: Float64Array,
  reach: number,
): Promise<Found> {
  const ground = (plane: Plane) => ({ plane, left: 0, top: 0 });
  const places = Array.from({ length: points.length / 2 }, (_, row) => row).flatMap((row) => {
    const [x, y] = [points[2 * row]!, points[2 * row + 1]!];
    if (!inside(sensed, ...transformPoint(referenceToSensed, x, y))) return [];
    return [{ row, x, y, reference: ground(reference), sensed: ground(sensed), referenceToSensed }];
  });
  const spread = [spreadOf(reference), spreadOf(sensed)] as const;
  const found = await localisePatches(engine, dlsm, places, spread, { reach });
  const rows = [...places.keys()].filter((n) => inside(sensed, found.source[2 * n]!, found.source[2 * n + 1]!));
  const pick = (data: Float64Array, size: number): Float64Array =>
    Float64Array.from(rows.flatMap((n) => Array.from(data.subarray(size * n, size * n + size))));
  return {
    row: rows.map((n) => places[n]!.row),
    reference: pick(found.target, 2),
    sensed: pick(found.source, 2),
    covariance: pick(found.covariance, 3),
    deviation: pick(found.deviation, 1),
  };
}

/** Those of interleaved points whose number is kept. */
function pointsWhere(points: Float64Array, keep: (number: number) => boolean): Float64Array {
  return points.filter((_, k) => keep(k >> 1));
}

/**
 * Guided matching: DLSM finds the keypoints of the reference in the sensed image, around where matches put them.
 *
 * @param keypoints - of the reference, x, y, …
 * @param matches - what to start from, of whatever points
 * @returns null where too few matches agree
 */
export async function guidedMatches(
  engine: Engine,
  dlsm: Dlsm,
  planes: readonly [reference: Plane, sensed: Plane],
  keypoints: Float64Array,
  matches: MatchedPoints,
): Promise<GuidedMatches | null> {
  let found: MatchedPoints & Partial<Found> = matches;
  for (const { agreeing, reach, every } of rounds) {
    if (found.reference.length < 8) return null;
    const pairs = { source: found.sensed, target: found.reference, covariance: found.covariance };
    const estimate = estimateTransform(pairs, { model: 'projective', threshold: agreeing, seed: 0 });
    if (estimate === null || !isMatrixTransform(estimate.transform)) return null;
    const referenceToSensed = invertTransform(estimate.transform);
    if (referenceToSensed === null) return null;
    const points =
      every === null
        ? pointsWhere(found.reference, (n) => estimate.inliers[n] === 1)
        : pointsWhere(keypoints, (n) => n % every === 0);
    found = await localised(engine, dlsm, planes, referenceToSensed, points, reach);
  }
  const { reference, sensed, row, deviation } = found;
  if (reference.length < 8 || row === undefined || deviation === undefined) return null;
  return { keypoint: row, reference, sensed, deviation };
}

/** Guided matches as a prediction: number n of the sensed points is the place of keypoint n of the matches. */
export function guidedPrediction(
  { keypoint, sensed, deviation }: GuidedMatches,
  keypoints: Float64Array,
): Omit<Prediction, 'keypoints' | 'seconds'> {
  const count = keypoints.length / 2;
  const partner = new Int32Array(count).fill(-1);
  const score = new Float32Array(count);
  for (const [n, i] of keypoint.entries()) {
    partner[i] = n;
    score[i] = -deviation[n]!;
  }
  return { partner, score, back: Int32Array.from(keypoint), described: { reference: keypoints, sensed }, guided: true };
}
