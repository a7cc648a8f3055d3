import { estimateTransform, invertTransform, isMatrixTransform, type MatrixTransform } from '@tiepoint/geometry';
import { contrastWithAside, type Dlsm, type DlsmContrast, matchDlsm } from '@tiepoint/matching';
import type { RefineContext } from './refine.js';
import { decadesOfContrast, type Evidence, isWeak, mayBeChance } from './verdict.js';

/** What the network is taken to say where it is not there or sees too little. */
const nothing: DlsmContrast = { places: 0, mean: 0, significance: 0 };

/** How much more alike the network finds patches at a geometry than beside it. */
export async function contrastOf(
  { engine, reference, sensed, signal }: RefineContext,
  referenceToSensed: MatrixTransform,
  dlsm: Dlsm | undefined,
): Promise<DlsmContrast> {
  if (dlsm === undefined) return nothing;
  const planes = [reference.levels[0]!, sensed.levels[0]!] as const;
  return (await contrastWithAside(engine, dlsm, ...planes, referenceToSensed, signal)) ?? nothing;
}

/** How tie points are sought where the windows may be some px off: as far as training's shifts allow at a time. */
const wide = { cells: 16, side: 3, step: 1, reach: 8 };
/** Residual beyond which such a tie point is wrong, px, and how often the geometry is fitted to them. */
const follow = { threshold: 4, rounds: 3 };

/** A geometry and what the network thinks of it. */
export interface Opinion {
  readonly referenceToSensed: MatrixTransform;
  readonly contrast: DlsmContrast;
}

/** Fits the geometry to tie points of the network while it likes the result better. */
async function followNetwork(context: RefineContext, start: Opinion, dlsm: Dlsm): Promise<Opinion> {
  const { engine, reference, sensed, seed, signal } = context;
  const planes = [reference.levels[0]!, sensed.levels[0]!] as const;
  let best = start;
  let { referenceToSensed } = start;
  for (let round = 0; round < follow.rounds; round++) {
    const found = await matchDlsm(engine, dlsm, ...planes, referenceToSensed, wide, signal);
    const points = { sensed: found.sensed, reference: found.reference };
    const estimate = estimateTransform(points, { model: 'affine', threshold: follow.threshold, seed });
    const next = estimate && isMatrixTransform(estimate.transform) ? invertTransform(estimate.transform) : null;
    if (next === null) break;
    referenceToSensed = next;
    const contrast = await contrastOf(context, referenceToSensed, dlsm);
    if (contrast.mean <= best.contrast.mean) break;
    best = { referenceToSensed, contrast };
  }
  return best;
}

/**
 * Asks the network where the windows' agreement leaves doubts. Where they may agree by chance, but the network finds the images more
 * alike than chance would have it, the geometry is nearly right, and goes on from there by the network's tie points.
 */
export async function askNetwork(
  context: RefineContext,
  windows: Evidence,
  referenceToSensed: MatrixTransform,
  dlsm: Dlsm | undefined,
): Promise<Opinion | null> {
  if (dlsm === undefined || !isWeak(windows)) return null;
  const opinion = { referenceToSensed, contrast: await contrastOf(context, referenceToSensed, dlsm) };
  const nearlyRight = mayBeChance(windows) && decadesOfContrast(opinion.contrast.significance) > 0;
  return nearlyRight ? followNetwork(context, opinion, dlsm) : opinion;
}
