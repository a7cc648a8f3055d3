import type { MatrixTransform } from '@tiepoint/geometry';
import { type NetworkMatching, networkMatching } from '@tiepoint/matching';
import { planesOf, type Task } from '../inputs/task.js';
import { type Proposal, searchedRadius } from './start.js';
import { distanceBetween, viewSupport } from './view-support.js';

/** What networks find in the images of a task, and what their proposals have in common. */
export interface AskedNetworks {
  readonly matching: NetworkMatching;
  readonly proposal: Pick<Proposal, 'method' | 'radius' | 'keypointWeights'>;
}

/** By the reference of a task: several starts, and who judges what they found, ask for the same views. */
const asked = new WeakMap<Task['reference'], Promise<AskedNetworks | null>>();

async function openNetworks(task: Task): Promise<AskedNetworks | null> {
  const { engine, reference, sensed, seed, signal, onProgress } = task;
  const networks = await task.keypoints();
  if (networks === null) return null;
  onProgress?.('matching keypoints');
  return {
    matching: networkMatching(engine, networks, reference, sensed, { seed, signal }),
    proposal: {
      method: 'keypoints (networks) + grid',
      radius: searchedRadius(reference.levels[0]!),
      keypointWeights: `detector ${networks.detector.name}; matcher ${networks.matcher.name}`,
    },
  };
}

/** What the networks of a task find, opened when first asked for; null where there are none. */
export function networksFor(task: Task): Promise<AskedNetworks | null> {
  const known = asked.get(task.reference) ?? openNetworks(task);
  asked.set(task.reference, known);
  return known;
}

/**
 * How plainly keypoints prefer a geometry to other views, see {@link viewSupport}: 0 where they agree with none near it.
 *
 * @returns undefined where the networks were not asked for views
 */
export async function supportOf(task: Task, referenceToSensed: MatrixTransform): Promise<number | undefined> {
  const networks = await asked.get(task.reference);
  if (networks === undefined || networks === null) return undefined;
  const { radius } = networks.proposal;
  const planes = planesOf(task);
  const views = await networks.matching.views();
  const near = views.find((view) => distanceBetween(...planes, view.referenceToSensed, referenceToSensed) <= radius);
  return near === undefined ? 0 : viewSupport(near, views, planes, radius);
}
