import {
  type Correspondences,
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
} from '@tiepoint/geometry';
import { matchRift } from '@tiepoint/matching';
import { planesOf } from '../../inputs/task.js';
import { networksFor } from '../asked-networks.js';
import { searchedRadius, type Start } from '../start.js';

/** Residual beyond which a pair of keypoints is wrong, px of the level that was matched. */
const threshold = 5;
/** Scales between the images within which keypoints are believed. */
const scales = { least: 0.2, most: 5 };

/** The similarity that most pairs agree with, reference px → sensed px; null where there is none. */
function agreedPose({ source, target }: Correspondences, px: number, seed: number): MatrixTransform | null {
  if (target.length < 4) return null;
  const estimate = estimateTransform(
    { source, target },
    { model: 'similarity', threshold: px, seed, minScale: scales.least, maxScale: scales.most },
  );
  if (estimate === null || !isMatrixTransform(estimate.transform)) return null;
  return invertTransform(estimate.transform);
}

/** Pairs that agree with a view at least, and views that are looked at. What agrees by chance costs a coarse pass. */
const likelyViews = { inliers: 8, most: 2 } as const;

/** The poses that keypoints agree with which a detection network finds and the encoder of a cross-fusion network tells apart; none without networks. */
export const networkViews: Start = {
  name: 'network-views',
  async *propose(task) {
    const networks = await networksFor(task);
    const views = (await networks?.matching.views()) ?? [];
    for (const { referenceToSensed, inliers } of views.slice(0, likelyViews.most)) {
      if (inliers >= likelyViews.inliers) yield { ...networks!.proposal, referenceToSensed };
    }
  },
};

/** The pose that most keypoints agree with which a cross-fusion network matches in the likeliest view; none without networks. */
export const networkKeypoints: Start = {
  name: 'network-keypoints',
  async *propose(task) {
    const networks = await networksFor(task);
    if (networks === null) return;
    const pairs = await networks.matching.matches();
    const referenceToSensed = agreedPose(pairs, threshold * pairs.step, task.seed);
    if (referenceToSensed !== null) yield { ...networks.proposal, referenceToSensed };
  },
};

/** The pose that most keypoints of RIFT agree with. */
export const riftKeypoints: Start = {
  name: 'rift-keypoints',
  async *propose(task) {
    const { engine, seed, signal, onProgress } = task;
    onProgress?.('matching keypoints by RIFT');
    const pairs = await matchRift(engine, ...planesOf(task), { seed, signal });
    const referenceToSensed = agreedPose(pairs, threshold, seed);
    if (referenceToSensed === null) return;
    yield { method: 'keypoints (RIFT) + grid', referenceToSensed, radius: searchedRadius(planesOf(task)[0]) };
  },
};
