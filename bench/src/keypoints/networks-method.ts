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
  nearestInViews,
  riftKeypoints,
} from '@tiepoint/matching';
import { guidedMatches, guidedMatchingVersion, guidedPrediction } from './guided-matching.js';
import type { KeypointMethod } from './method.js';
import { mutualMatches } from './score.js';

/** What a method of {@link networksMethod} consists of. */
export interface NetworkParts {
  readonly name: string;
  /** RIFT's keypoints where there is none. */
  readonly detector: Detector | null;
  /** Keypoints are not matched where there is none. */
  readonly matcher: Matcher | null;
  /** For guided matching, {@link guidedMatches}; without it the matches of keypoints are the answer. */
  readonly dlsm?: Dlsm | undefined;
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
  return await nearestInViews(engine, matcher, reference, sensed)(view);
}

/** A detection and a cross-fusion network as a method. It keeps the strongest keypoints, as the rivals do, not the best spread. */
export function networksMethod({ name, detector, matcher, dlsm }: NetworkParts): KeypointMethod {
  const engine = createEngine();
  return {
    name,
    version: `${detector?.name ?? 'RIFT'}; ${matcher?.name ?? 'none'}${dlsm === undefined ? '' : `; ${guidedMatchingVersion} ${dlsm.name}`}`,
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
      const guided =
        dlsm === undefined
          ? null
          : await guidedMatches(
              engine,
              dlsm,
              [reference, sensed],
              places.reference,
              mutualMatches({ keypoints: places, ...found }),
            );
      const seconds = (performance.now() - begin) / 1000;
      const prediction = guided === null ? found : guidedPrediction(guided, places.reference);
      return { keypoints: places, ...prediction, seconds };
    },
    close: () => engine.dispose(),
  };
}
