import { composeTransforms, type MatrixTransform, translation } from '@tiepoint/geometry';
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
import { adjoiningParts, partsOfLarger, type PartPair, wholeImages } from '../part-pairs.js';
import { type Proposal, searchedRadius, type Start } from '../start.js';

const channels = structureFeatures['oriented-gradients'];

/** A pose of parts as one of the images. */
function ofImages(pose: MatrixTransform, { referenceOrigin: [x, y], sensedOrigin: [u, v] }: PartPair): MatrixTransform {
  return composeTransforms(translation(u, v), composeTransforms(pose, translation(-x, -y)));
}

/** Correlates parts at low resolution at the poses of a range; each of the `most` best is looked at more closely. */
async function* proposePoses(
  task: Task,
  method: string,
  parts: readonly PartPair[],
  range: PoseRange,
  most: number,
): AsyncGenerator<Proposal> {
  const { engine, signal, onProgress } = task;
  onProgress?.(method);
  const search = ({ reference, sensed }: PartPair, within: PoseRange, best: number): Promise<readonly Pose[]> =>
    searchPose(engine, reference, sensed, channels, within, best, signal);
  const found: { readonly part: PartPair; readonly pose: Pose }[] = [];
  for (const part of parts) for (const pose of await search(part, range, most)) found.push({ part, pose });
  for (const { part, pose } of found.toSorted((a, b) => b.pose.score - a.pose.score).slice(0, most)) {
    // Windows forgive a degree or two of rotation, not half a step of the search.
    const [nearer = pose] = await search(part, aroundPose(pose, range), 1);
    const radius = searchedRadius(part.reference.levels[0]!);
    yield { method, referenceToSensed: ofImages(nearer.referenceToSensed, part), radius };
  }
}

/** Every shift at small rotations and changes of scale. */
export const nearSearch: Start = {
  name: 'near-search',
  propose: (task) => proposePoses(task, 'near search + grid', [wholeImages(task)], nearPose, 5),
};

/** Every shift, rotation and scale. */
export const globalSearch: Start = {
  name: 'global-search',
  propose: (task) => proposePoses(task, 'global search + grid', [wholeImages(task)], anyPose, 8),
};

/** A small image somewhere in a large one, at about its resolution: brought to one square with it, it would be too small to be seen. */
export const partSearch: Start = {
  name: 'part-search',
  async *propose(task) {
    const parts = partsOfLarger(task);
    if (parts.length > 0) yield* proposePoses(task, 'search of parts + grid', parts, nearPose, 5);
  },
};

/** Images that have little more than a border or a corner in common, which all else around drowns. */
export const borderSearch: Start = {
  name: 'border-search',
  async *propose(task) {
    const parts = adjoiningParts(task);
    if (parts.length > 0) yield* proposePoses(task, 'search of borders + grid', parts, nearPose, 5);
  },
};
