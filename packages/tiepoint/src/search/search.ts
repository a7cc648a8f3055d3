import type { MatrixTransform } from '@tiepoint/geometry';
import { groundBesideMarks } from '../inputs/ground-beside-marks.js';
import { planesOf, type Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import { type PassResult, runPass } from './match-pass.js';
import { contrastOf, decadesOfContrast } from './network-contrast.js';
import { supportOf } from './asked-networks.js';
import { isWithinBound } from './bound.js';
import { coarsePass, commonExtent } from './passes.js';
import type { Proposal } from './start.js';
import { startsOf } from './starts.js';
import { decadesOfSupport } from './view-support.js';

/** A proposed geometry that a coarse pass found something at. */
export interface Candidate {
  readonly proposal: Proposal;
  readonly coarse: PassResult;
  /** See {@link supportOf}. */
  readonly support?: number | undefined;
}

/** How strongly the coarse pass and the keypoints speak for a candidate, decades. */
export function candidateStrength({ support = 0, coarse }: Candidate): number {
  return decadesOfSupport(support) - coarse.logFalseAlarms;
}

function bestSupported(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((a, b) => candidateStrength(b) - candidateStrength(a));
}

/** The candidate that windows and network together speak for most, of those the windows like best. */
async function mostConvincing(task: Task, candidates: readonly Candidate[]): Promise<Candidate | null> {
  const likely = bestSupported(candidates).slice(0, task.dlsm === null ? 1 : measuringPolicy.doubtfulCandidates);
  if (likely.length < 2) return likely[0] ?? null;
  let best: Candidate | null = null;
  let most = -Infinity;
  for (const candidate of likely) {
    const { significance } = await contrastOf(task, candidate.coarse.referenceToSensed);
    const decades = decadesOfContrast(significance) + candidateStrength(candidate);
    if (decades > most) [best, most] = [candidate, decades];
  }
  return best;
}

/** Why search came to nothing: no geometry was found, none within the bound that was asked for, or but that of marks which both files carry. */
export type NotFound = 'too-few-windows' | 'beyond-max-shift' | 'only-marks';

/** Whether a geometry stands still with marks of both files while the ground beside them says nothing of it. */
async function isOfMarksAlone(task: Task, referenceToSensed: MatrixTransform): Promise<boolean> {
  if (task.marks === null) return false;
  const ground = await groundBesideMarks(task, task.marks, referenceToSensed);
  return ground !== undefined && ground < measuringPolicy.groundFrom;
}

/** Tries starts from likely to far-fetched, and stops as soon as one is well supported. */
export async function search(task: Task): Promise<Candidate | NotFound> {
  const planes = planesOf(task);
  const found: Candidate[] = [];
  let nothing: NotFound = 'too-few-windows';
  for (const start of startsOf[task.method]) {
    for await (const proposal of start.propose(task)) {
      const { referenceToSensed, radius } = proposal;
      const pass = coarsePass(commonExtent(...planes, referenceToSensed), radius, 'affine');
      const coarse = await runPass(task, referenceToSensed, pass);
      if (coarse === null) continue;
      if (await isOfMarksAlone(task, coarse.referenceToSensed)) {
        nothing = 'only-marks';
        continue;
      }
      if (isWithinBound(task, coarse.referenceToSensed)) {
        found.push({ proposal, coarse, support: await supportOf(task, coarse.referenceToSensed) });
      } else nothing = 'beyond-max-shift';
    }
    const [best] = bestSupported(found);
    if (best !== undefined && candidateStrength(best) > measuringPolicy.searchUntil) return best;
  }
  return (await mostConvincing(task, found)) ?? nothing;
}
