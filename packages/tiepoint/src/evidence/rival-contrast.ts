import { composeTransforms, type MatrixTransform, translation } from '@tiepoint/geometry';
import type { Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import { contrastOf } from '../search/network-contrast.js';
import type { RivalPlace } from './evidence.js';

/**
 * Asks the network about another place that fits about as well. Coarse structure repeats itself more often than detail does: fields of
 * one size, a valley beside a valley.
 *
 * @param rival - px of the reference plane
 */
export async function compareWithRival(
  task: Task,
  referenceToSensed: MatrixTransform,
  rival: RivalPlace,
): Promise<RivalPlace> {
  if (rival.share < measuringPolicy.rivalFrom) return rival;
  const there = composeTransforms(referenceToSensed, translation(rival.dx, rival.dy));
  const here = await contrastOf(task, referenceToSensed);
  if (here.significance < measuringPolicy.comparesFrom) return rival;
  return { ...rival, contrast: (await contrastOf(task, there)).mean / here.mean };
}
