import {
  type Correspondences,
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
} from '@tiepoint/geometry';
import { type KeypointNetworks, matchByNetworks, matchRift } from '@tiepoint/matching';
import type { RefineContext } from './refine.js';

/** Residual beyond which a pair of keypoints is wrong, px of the level that was matched. */
const threshold = 5;

/** The similarity that most pairs agree with, reference px → sensed px; null where there is none. */
function agreedPose(pairs: Correspondences, px: number, seed: number): MatrixTransform | null {
  if (pairs.reference.length < 4) return null;
  const { reference, sensed } = pairs;
  const asked = { model: 'similarity', threshold: px, seed, minScale: 0.2, maxScale: 5 } as const;
  const estimate = estimateTransform({ reference, sensed }, asked);
  if (estimate === null || !isMatrixTransform(estimate.transform)) return null;
  return invertTransform(estimate.transform);
}

/** The pose that most pairs of RIFT keypoints agree with, reference px → sensed px; null where there is none. */
export async function riftPose(context: RefineContext): Promise<MatrixTransform | null> {
  const { engine, reference, sensed, seed, signal } = context;
  const asked = { seed, ...(signal ? { signal } : {}) };
  return agreedPose(await matchRift(engine, reference.levels[0]!, sensed.levels[0]!, asked), threshold, seed);
}

/** The same by the pairs that a detection and a cross-fusion network find. */
export async function networkPose(context: RefineContext, networks: KeypointNetworks): Promise<MatrixTransform | null> {
  const { engine, reference, sensed, seed, signal } = context;
  const pairs = await matchByNetworks(engine, networks, reference, sensed, { seed, ...(signal ? { signal } : {}) });
  return agreedPose(pairs, threshold * pairs.step, seed);
}
