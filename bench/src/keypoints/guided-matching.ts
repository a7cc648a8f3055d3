import {
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
  type Plane,
  transformPoint,
} from '@tiepoint/geometry';
import {
  type Dlsm,
  type Engine,
  type KeypointImage,
  localisePatches,
  type NearestKeypoints,
  spreadOf,
} from '@tiepoint/matching';
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
  /** [xx, xy, yy] px² of the reference, where it is predicted. */
  readonly covariance?: Float64Array;
  /** Geometric mean of the predicted deviations, px. */
  readonly deviation: Float64Array;
}

function pointsOf({ keypoints: { xy } }: KeypointImage, indices: readonly number[]): Float64Array {
  return Float64Array.from(indices.flatMap((i) => [xy[2 * i]!, xy[2 * i + 1]!]));
}

/** The matches that are each other's likeliest. */
function mutual(reference: KeypointImage, sensed: KeypointImage, { partner, back }: NearestKeypoints): GuidedMatches {
  const keypoint = [...partner.keys()].filter((i) => partner[i]! >= 0 && back[partner[i]!] === i);
  const partners = keypoint.map((i) => partner[i]!);
  return {
    keypoint,
    reference: pointsOf(reference, keypoint),
    sensed: pointsOf(sensed, partners),
    deviation: new Float64Array(keypoint.length),
  };
}

/** Localises keypoints of the reference around where a geometry puts them; those that are not on the sensed image's ground are left out. */
async function localised(
  engine: Engine,
  dlsm: Dlsm,
  reference: KeypointImage,
  sensed: KeypointImage,
  referenceToSensed: MatrixTransform,
  keypoints: readonly number[],
  reach: number,
): Promise<GuidedMatches> {
  const ground = (plane: Plane) => ({ plane, left: 0, top: 0 });
  const places = keypoints.flatMap((i) => {
    const [x, y] = [reference.keypoints.xy[2 * i]!, reference.keypoints.xy[2 * i + 1]!];
    if (!inside(sensed.plane, ...transformPoint(referenceToSensed, x, y))) return [];
    return [{ i, x, y, reference: ground(reference.plane), sensed: ground(sensed.plane), referenceToSensed }];
  });
  const spread = [spreadOf(reference.plane), spreadOf(sensed.plane)] as const;
  const found = await localisePatches(engine, dlsm, places, spread, { side: 3, step: 1, reach });
  const rows = [...places.keys()].filter((n) => inside(sensed.plane, found.sensed[2 * n]!, found.sensed[2 * n + 1]!));
  const pick = (data: Float64Array, size: number): Float64Array =>
    Float64Array.from(rows.flatMap((n) => Array.from(data.subarray(size * n, size * n + size))));
  return {
    keypoint: rows.map((n) => places[n]!.i),
    reference: pick(found.reference, 2),
    sensed: pick(found.sensed, 2),
    covariance: pick(found.covariance, 3),
    deviation: pick(found.deviation, 1),
  };
}

/**
 * Guided matching: DLSM finds the keypoints of the reference in the sensed image, around where the matches of keypoints put them.
 *
 * @returns null where too few matches agree
 */
export async function guidedMatches(
  engine: Engine,
  dlsm: Dlsm,
  reference: KeypointImage,
  sensed: KeypointImage,
  nearest: NearestKeypoints,
): Promise<GuidedMatches | null> {
  let found = mutual(reference, sensed, nearest);
  const all = Array.from({ length: reference.keypoints.count }, (_, i) => i);
  for (const { agreeing, reach, every } of rounds) {
    if (found.keypoint.length < 4) return null;
    const estimate = estimateTransform(found, { model: 'projective', threshold: agreeing, seed: 0 });
    if (estimate === null || !isMatrixTransform(estimate.transform)) return null;
    const referenceToSensed = invertTransform(estimate.transform);
    if (referenceToSensed === null) return null;
    const keypoints =
      every === null ? found.keypoint.filter((_, n) => estimate.inliers[n] === 1) : all.filter((i) => i % every === 0);
    found = await localised(engine, dlsm, reference, sensed, referenceToSensed, keypoints, reach);
  }
  return found.keypoint.length < 4 ? null : found;
}
