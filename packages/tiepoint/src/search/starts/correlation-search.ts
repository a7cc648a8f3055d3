import {
  anyPose,
  aroundPose,
  nearPose,
  type Pose,
  type PoseRange,
  searchPose,
  structureFeatures,
} from '@tiepoint/matching';
import type { Task } from '../../inputs/task.js';
import { type Proposal, searchedRadius, type Start } from '../start.js';

const channels = structureFeatures['oriented-gradients'];

/** Correlates the images at low resolution at the poses of a range; each of the `most` best is looked at more closely. */
async function* proposePoses(task: Task, method: string, range: PoseRange, most: number): AsyncGenerator<Proposal> {
  const { engine, reference, sensed, signal, onProgress } = task;
  onProgress?.(method);
  const search = (within: PoseRange, best: number): Promise<readonly Pose[]> =>
    searchPose(engine, reference, sensed, channels, within, best, signal);
  for (const pose of await search(range, most)) {
    // Windows forgive a degree or two of rotation, not half a step of the search.
    const [nearer = pose] = await search(aroundPose(pose, range), 1);
    yield { method, referenceToSensed: nearer.referenceToSensed, radius: searchedRadius(task) };
  }
}

/** Every shift at small rotations and changes of scale. */
export const nearSearch: Start = {
  name: 'near-search',
  propose: (task) => proposePoses(task, 'near search + grid', nearPose, 5),
};

/** Every shift, rotation and scale. */
export const globalSearch: Start = {
  name: 'global-search',
  propose: (task) => proposePoses(task, 'global search + grid', anyPose, 8),
};
