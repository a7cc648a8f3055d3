import { estimateTransform, invertTransform, isMatrixTransform, type MatrixTransform } from '@tiepoint/geometry';
import { type Dlsm, type DlsmContrast, matchDlsm } from '@tiepoint/matching';
import { planesOf, type Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import { contrastOf, decadesOfContrast } from '../search/network-contrast.js';
import { strengthOf, type WindowAgreement } from './window-agreement.js';

/** How tie points are sought where the windows may be some px off: as far as training's shifts allow at a time. */
const wide = { cells: 16, reach: 8 };
/** Residual beyond which such a tie point is wrong, px, and how often the geometry is fitted to them. */
const following = { threshold: 4, rounds: 3 };

/** A geometry and what the network thinks of it. */
export interface Opinion {
  readonly referenceToSensed: MatrixTransform;
  readonly contrast: DlsmContrast;
}

/** Fits the geometry to tie points of the network while it likes the result better. */
async function followNetwork(task: Task, start: Opinion, dlsm: Dlsm): Promise<Opinion> {
  const { engine, seed, signal } = task;
  let best = start;
  let { referenceToSensed } = start;
  for (let round = 0; round < following.rounds; round++) {
    const { source, target } = await matchDlsm(engine, dlsm, ...planesOf(task), referenceToSensed, wide, signal);
    const estimate = estimateTransform({ source, target }, { model: 'affine', threshold: following.threshold, seed });
    const next = estimate && isMatrixTransform(estimate.transform) ? invertTransform(estimate.transform) : null;
    if (next === null) break;
    referenceToSensed = next;
    const contrast = await contrastOf(task, referenceToSensed);
    if (contrast.mean <= best.contrast.mean) break;
    best = { referenceToSensed, contrast };
  }
  return best;
}

/**
 * Asks the network where the windows' agreement leaves doubts. Where they may agree by chance, but the network finds the images more
 * alike than chance would have it, the geometry is nearly right, and goes on from there by the network's tie points.
 *
 * @returns null where it is not asked
 */
export async function askNetwork(
  task: Task,
  windows: WindowAgreement,
  referenceToSensed: MatrixTransform,
): Promise<Opinion | null> {
  const { dlsm } = task;
  const strength = strengthOf(windows);
  if (dlsm === null || strength >= measuringPolicy.contrastBelow) return null;
  const opinion = { referenceToSensed, contrast: await contrastOf(task, referenceToSensed) };
  const nearlyRight = strength < measuringPolicy.followBelow && decadesOfContrast(opinion.contrast.significance) > 0;
  return nearlyRight ? followNetwork(task, opinion, dlsm) : opinion;
}
