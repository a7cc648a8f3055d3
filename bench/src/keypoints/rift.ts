import { createEngine, type Dlsm, matchRift, riftKeypoints } from '@tiepoint/matching';
import { shippedDlsm } from 'tiepoint';
import { guidedMatches, guidedMatchingVersion, guidedPrediction } from './guided-matching.js';
import type { KeypointMethodFactory } from './method.js';

/**
 * RIFT as written here. Its matches come of several scales and a second pass, already mutual. Repeatability is of the keypoints at
 * full resolution, and these are what its average precision and match score are out of.
 */
function rift(name: string, guidance?: () => Promise<Dlsm>): KeypointMethodFactory {
  return async () => {
    const engine = createEngine();
    const dlsm = await guidance?.();
    return {
      name,
      ...(dlsm === undefined ? {} : { version: `${guidedMatchingVersion} ${dlsm.name}` }),
      async predict(reference, sensed, count) {
        const begin = performance.now();
        const matches = await matchRift(engine, reference, sensed, { keypoints: count });
        const matched = performance.now();
        const keypoints = {
          reference: (await riftKeypoints(engine, reference, count)).xy,
          sensed: (await riftKeypoints(engine, sensed, count)).xy,
        };
        const detected = performance.now();
        const guided =
          dlsm === undefined
            ? null
            : await guidedMatches(engine, dlsm, [reference, sensed], keypoints.reference, {
                reference: matches.target,
                sensed: matches.source,
              });
        // Matching detects keypoints itself.
        const seconds = (matched - begin + performance.now() - detected) / 1000;
        if (guided !== null) return { keypoints, ...guidedPrediction(guided, keypoints.reference), seconds };
        const same = Int32Array.from({ length: matches.count }, (_, i) => i);
        return {
          keypoints,
          described: { reference: matches.target, sensed: matches.source },
          partner: same,
          back: same,
          score: Float32Array.from(matches.score),
          seconds,
        };
      },
      close: () => engine.dispose(),
    };
  };
}

export const riftMethod = rift('rift');

/** RIFT's matches and keypoints with the guided matching by DLSM that our own networks' get. */
export const riftGuidedMethod = rift('rift-guided', shippedDlsm);
