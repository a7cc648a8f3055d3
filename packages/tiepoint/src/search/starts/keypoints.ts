import {
  type Correspondences,
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
} from '@tiepoint/geometry';
import { matchByNetworks, matchRift } from '@tiepoint/matching';
import { planesOf } from '../../inputs/task.js';
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

/** The pose that most keypoints agree with which a detection and a cross-fusion network find and match; none without networks. */
export const networkKeypoints: Start = {
  name: 'network-keypoints',
  async *propose(task) {
    const { engine, reference, sensed, seed, signal, onProgress } = task;
    const networks = await task.keypoints();
    if (networks === null) return;
    onProgress?.('matching keypoints');
    const pairs = await matchByNetworks(engine, networks, reference, sensed, { seed, signal });
    const referenceToSensed = agreedPose(pairs, threshold * pairs.step, seed);
    if (referenceToSensed === null) return;
    const keypointWeights = `detector ${networks.detector.name}; matcher ${networks.matcher.name}`;
    const radius = searchedRadius(reference.levels[0]!);
    yield { method: 'keypoints (networks) + grid', referenceToSensed, radius, keypointWeights };
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
