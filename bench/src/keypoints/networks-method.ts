import type { Plane } from '@tiepoint/geometry';
import {
  createEngine,
  type Detector,
  detectKeypoints,
  type Dlsm,
  type Engine,
  findViews,
  type KeypointImage,
  type Matcher,
  type NearestKeypoints,
  nearestKeypoints,
  riftKeypoints,
} from '@tiepoint/matching';
import type { KeypointMethod } from './method.js';
import type { MatchedPoints } from './metrics.js';
import { seekKeypoints, type Sought } from './seek-keypoints.js';

/** What a method of {@link networksMethod} consists of. */
export interface NetworkParts {
  readonly name: string;
  /** RIFT's keypoints where there is none. */
  readonly detector: Detector | null;
  /** Keypoints are not matched where there is none. */
  readonly matcher: Matcher | null;
  /** Seeks the reference's keypoints in the sensed image, around where the matches put them; without it the matches are the answer. */
  readonly dlsm?: Dlsm;
}

/** Residual beyond which a pair does not count for a view, px. */
const threshold = 5;

/** The likeliest partners in the view of the sensed image that most pairs agree on. */
async function nearestInView(
  engine: Engine,
  matcher: Matcher,
  reference: KeypointImage,
  sensed: KeypointImage,
): Promise<NearestKeypoints> {
  const [view] = await findViews(engine, matcher, reference, sensed, { threshold, seed: 0 });
  return await nearestKeypoints(engine, matcher, reference, sensed, view);
}

/** What is sought and found as a prediction: number n of the sensed points is the place of keypoint n of what was found. */
function asPrediction(
  { keypoint, sensed, score }: Sought,
  reference: KeypointImage,
): NearestKeypoints & { described: MatchedPoints } {
  const partner = new Int32Array(reference.keypoints.count).fill(-1);
  const scores = new Float32Array(reference.keypoints.count);
  for (const [n, i] of keypoint.entries()) {
    partner[i] = n;
    scores[i] = score[n]!;
  }
  return {
    partner,
    score: scores,
    back: Int32Array.from(keypoint),
    described: { reference: reference.keypoints.xy, sensed },
  };
}

/** A detection and a cross-fusion network as a method. It keeps the strongest keypoints, as the rivals do, not the best spread. */
export function networksMethod({ name, detector, matcher, dlsm }: NetworkParts): KeypointMethod {
  const engine = createEngine();
  return {
    name,
    version: `${detector?.name ?? 'RIFT'}; ${matcher?.name ?? 'none'}${dlsm === undefined ? '' : '; sought'}`,
    async predict(reference, sensed, count) {
      const begin = performance.now();
      const open = async (plane: Plane): Promise<KeypointImage> => ({
        plane,
        keypoints:
          detector === null
            ? await riftKeypoints(engine, plane, count)
            : await detectKeypoints(engine, detector, plane, { count, spread: false }),
      });
      const [fixed, moving] = [await open(reference), await open(sensed)];
      const found =
        matcher === null
          ? {
              partner: new Int32Array(fixed.keypoints.count).fill(-1),
              score: new Float32Array(fixed.keypoints.count),
              back: new Int32Array(moving.keypoints.count).fill(-1),
            }
          : await nearestInView(engine, matcher, fixed, moving);
      const places = { reference: fixed.keypoints.xy, sensed: moving.keypoints.xy };
      const points = dlsm === undefined ? null : await seekKeypoints(engine, dlsm, fixed, moving, found);
      const seconds = (performance.now() - begin) / 1000;
      return { keypoints: places, ...(points === null ? found : asPrediction(points, fixed)), seconds };
    },
    close: () => engine.dispose(),
  };
}
