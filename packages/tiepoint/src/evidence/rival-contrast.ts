import { composeTransforms, type MatrixTransform, translation } from '@tiepoint/geometry';
import type { Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import { contrastOf } from '../search/network-contrast.js';
import type { RivalPlace } from './evidence.js';

/** Places that the network is asked about, at most. */
const mostAsked = 6;

/**
 * Which of the other places that fit may be the right one most likely. The network is asked about those that fit about as well: coarse
 * structure repeats itself more often than detail does, fields of one size, a valley beside a valley; but a scene that truly repeats
 * may have such places too, and its own may fit a little less.
 *
 * @param rivals - px of the reference plane, best first
 * @returns the one that has most of both, fit and contrast; null where there is none
 */
export async function strongestRival(
  task: Task,
  referenceToSensed: MatrixTransform,
  rivals: readonly RivalPlace[],
): Promise<RivalPlace | null> {
  const [first = null] = rivals;
  const serious = rivals.filter(({ share }) => share >= measuringPolicy.rivalFrom).slice(0, mostAsked);
  if (serious.length === 0) return first;
  const here = await contrastOf(task, referenceToSensed);
  if (here.significance < measuringPolicy.comparesFrom) return first;
  let strongest: RivalPlace | null = null;
  const weight = ({ share, contrast = 1 }: RivalPlace): number => Math.min(share, contrast);
  for (const rival of serious) {
    const there = composeTransforms(referenceToSensed, translation(rival.dx, rival.dy));
    const { places, mean } = await contrastOf(task, there);
    // Where too few patches can be compared the network's silence says nothing against the place.
    const asked = places === 0 ? rival : { ...rival, contrast: mean / here.mean };
    if (strongest === null || weight(asked) > weight(strongest)) strongest = asked;
  }
  return strongest;
}
