import { createEngine, matchRift, riftKeypoints } from '@tiepoint/matching';
import type { KeypointMethodFactory } from './method.js';

/**
 * RIFT as written here. Its matches come of several scales and a second pass, already mutual: average precision sees those alone.
 * Repeatability is of the keypoints at full resolution.
 */
export const riftMethod: KeypointMethodFactory = async () => {
  const engine = createEngine();
  return {
    name: 'rift',
    async predict(reference, sensed, count) {
      const begin = performance.now();
      const matches = await matchRift(engine, reference, sensed, { keypoints: count });
      const seconds = (performance.now() - begin) / 1000;
      const keypoints = {
        reference: (await riftKeypoints(engine, reference, count)).xy,
        sensed: (await riftKeypoints(engine, sensed, count)).xy,
      };
      const same = Int32Array.from({ length: matches.count }, (_, i) => i);
      return {
        keypoints,
        described: { reference: matches.reference, sensed: matches.sensed },
        partner: same,
        back: same,
        score: Float32Array.from(matches.score),
        seconds,
      };
    },
    close: () => engine.dispose(),
  };
};
