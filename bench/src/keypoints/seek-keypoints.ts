import { estimateTransform, invertTransform, isMatrixTransform, type Plane, transformPoint } from '@tiepoint/geometry';
import {
  type Dlsm,
  type Engine,
  type KeypointImage,
  localisePatches,
  type NearestKeypoints,
  spreadOf,
} from '@tiepoint/matching';
import type { MatchedPoints } from './metrics.js';

/**
 * How DLSM localises keypoints, from the networks' matches on. Each round takes the matches that agree within so many px and looks
 * that far from where they put a keypoint: first for those that have such a match, then for all of the reference, whether or not
 * the sensed image has a keypoint at their place.
 */
const rounds = [
  { agreeing: 8, reach: 6, all: false },
  { agreeing: 4, reach: 5, all: true },
  { agreeing: 3, reach: 3, all: true },
] as const;

/** Points of the reference, where they lie in the sensed image, and how exact each is: the larger the surer. */
export interface Sought extends MatchedPoints {
  /** Index of each among the reference's keypoints. */
  readonly keypoint: readonly number[];
  readonly score: Float32Array;
}

/** Whether a point lies in an image. */
function within({ width, height }: Plane, x: number, y: number): boolean {
  return x >= 0 && y >= 0 && x < width && y < height;
}

/** The keypoints of the reference with the places where DLSM finds them in the sensed image, starting from matches; null where these do not agree. */
export async function seekKeypoints(
  engine: Engine,
  dlsm: Dlsm,
  reference: KeypointImage,
  sensed: KeypointImage,
  { partner, back, score }: NearestKeypoints,
): Promise<Sought | null> {
  const pairs = [...partner.entries()].filter(([i, j]) => j >= 0 && back[j] === i);
  const pointsOf = ({ keypoints: { xy } }: KeypointImage, indices: readonly number[]): Float64Array =>
    Float64Array.from(indices.flatMap((i) => [xy[2 * i]!, xy[2 * i + 1]!]));
  const keypoint = pairs.map(([i]) => i);
  let found: Sought = {
    keypoint,
    reference: pointsOf(reference, keypoint),
    sensed: pointsOf(
      sensed,
      pairs.map(([, j]) => j),
    ),
    score: Float32Array.from(keypoint, (i) => score[i]!),
  };
  const ground = (plane: Plane) => ({ plane, left: 0, top: 0 });
  const spread = [spreadOf(reference.plane), spreadOf(sensed.plane)] as const;
  for (const { agreeing, reach, all } of rounds) {
    if (found.keypoint.length < 4) return null;
    const estimate = estimateTransform(found, { model: 'projective', threshold: agreeing, seed: 0 });
    if (estimate === null || !isMatrixTransform(estimate.transform)) return null;
    const { transform, inliers } = estimate;
    const referenceToSensed = invertTransform(transform);
    if (referenceToSensed === null) return null;
    const indices = all
      ? [...Array(reference.keypoints.count).keys()]
      : found.keypoint.filter((_, n) => inliers[n] === 1);
    const places = indices.flatMap((i) => {
      const [x, y] = [reference.keypoints.xy[2 * i]!, reference.keypoints.xy[2 * i + 1]!];
      if (!within(sensed.plane, ...transformPoint(referenceToSensed, x, y))) return [];
      return [{ i, x, y, reference: ground(reference.plane), sensed: ground(sensed.plane), referenceToSensed }];
    });
    const matches = await localisePatches(engine, dlsm, places, spread, { side: 3, step: 1, reach });
    found = {
      keypoint: places.map(({ i }) => i),
      reference: matches.reference,
      sensed: matches.sensed,
      score: Float32Array.from(matches.deviation, (v) => -v),
    };
  }
  return found;
}
