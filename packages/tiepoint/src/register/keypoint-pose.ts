import { estimateTransform, invertTransform, isMatrixTransform, type MatrixTransform } from '@tiepoint/geometry';
import { matchRift } from '@tiepoint/matching';
import type { RefineContext } from './refine.js';

/** Residual beyond which a pair of keypoints is wrong, px of the reference. */
const threshold = 5;

/** The similarity that most pairs of RIFT keypoints agree with, reference px → sensed px; null where there is none. */
export async function keypointPose(context: RefineContext, signal?: AbortSignal): Promise<MatrixTransform | null> {
  const { engine, reference, sensed, seed } = context;
  const found = await matchRift(engine, reference.levels[0]!, sensed.levels[0]!, {
    seed,
    ...(signal ? { signal } : {}),
  });
  const estimate = estimateTransform(found, { model: 'similarity', threshold, seed, minScale: 0.2, maxScale: 5 });
  if (estimate === null || !isMatrixTransform(estimate.transform)) return null;
  return invertTransform(estimate.transform);
}
