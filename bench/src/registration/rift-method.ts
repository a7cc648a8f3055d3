import { type Estimate, estimateTransform, isMatrixTransform } from '@tiepoint/geometry';
import { createEngine, matchRift } from '@tiepoint/matching';
import type { MethodFactory } from './method.js';

/** Px of the reference within which a match agrees. */
const threshold = 3;
/** Agreeing matches that make a registration. */
const leastInliers = 20;

/** RIFT matches and a robust similarity, or an affine map where clearly more matches agree on one. */
export const riftMethod: MethodFactory = () => {
  const engine = createEngine({ threads: 2 });
  return Promise.resolve({
    name: 'rift',
    async run(pair, seed) {
      const begin = performance.now();
      const matches = await matchRift(engine, pair.reference, pair.sensed, { seed });
      const estimate = (model: 'similarity' | 'affine'): Estimate | null =>
        matches.count < 4 ? null : estimateTransform(matches, { model, threshold, seed, minScale: 0.4, maxScale: 2.5 });
      const rigid = estimate('similarity');
      const full = (rigid?.inlierCount ?? 0) >= 2 * leastInliers ? estimate('affine') : null;
      // Six parameters always gather a few more matches than four; they must earn it.
      const best = full !== null && full.inlierCount > 1.1 * rigid!.inlierCount ? full : rigid;
      return {
        sensedToReference: best !== null && isMatrixTransform(best.transform) ? best.transform : null,
        accepted: (best?.inlierCount ?? 0) >= leastInliers,
        seconds: (performance.now() - begin) / 1000,
        detail: { matches: matches.count, inliers: best?.inlierCount ?? 0, model: best?.model ?? null },
      };
    },
    close: () => engine.dispose(),
  });
};
