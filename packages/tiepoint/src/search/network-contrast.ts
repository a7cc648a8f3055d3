import type { MatrixTransform } from '@tiepoint/geometry';
import { contrastWithAside, type DlsmContrast } from '@tiepoint/matching';
import { planesOf, type Task } from '../inputs/task.js';
import { scaleOf } from './match-pass.js';

/** What the network is taken to say where it is not there or sees too little. */
const silence: DlsmContrast = { places: 0, mean: 0, significance: 0 };

/**
 * Px of the reference per px of the sensed image up to which the network is asked: patches of a coarser image hold a dozen pixels of
 * it or fewer, neighbours hold the same ones, and then agree or disagree all together.
 */
const coarsest = 3;

/** How much more alike the network finds patches at a geometry than beside it. */
export async function contrastOf(task: Task, referenceToSensed: MatrixTransform): Promise<DlsmContrast> {
  const { engine, dlsm, signal } = task;
  if (dlsm === null || scaleOf(referenceToSensed) > coarsest) return silence;
  return (await contrastWithAside(engine, dlsm, ...planesOf(task), referenceToSensed, signal)) ?? silence;
}

/** Geometries found between unrelated images reach this contrast; each standard error beyond is worth so many decades, up to a limit. */
const contrast = { chance: 5, weight: 6, most: 24 };

/** What a contrast is worth, decades. */
export function decadesOfContrast(significance: number): number {
  return Math.min(contrast.weight * Math.max(0, significance - contrast.chance), contrast.most);
}
