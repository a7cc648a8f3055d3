import { planesOf, type Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import { type PassResult, runPass } from './match-pass.js';
import { contrastOf, decadesOfContrast } from './network-contrast.js';
import { isWithinBound } from './bound.js';
import { coarsePass, commonExtent } from './passes.js';
import type { Proposal } from './start.js';
import { startsOf } from './starts.js';

/** A proposed geometry that a coarse pass found something at. */
export interface Candidate {
  readonly proposal: Proposal;
  readonly coarse: PassResult;
}

function bestSupported(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((a, b) => a.coarse.logFalseAlarms - b.coarse.logFalseAlarms);
}

/** The candidate that windows and network together speak for most, of those the windows like best. */
async function mostConvincing(task: Task, candidates: readonly Candidate[]): Promise<Candidate | null> {
  const likely = bestSupported(candidates).slice(0, task.dlsm === null ? 1 : measuringPolicy.doubtfulCandidates);
  if (likely.length < 2) return likely[0] ?? null;
  let best: Candidate | null = null;
  let most = -Infinity;
  for (const candidate of likely) {
    const { referenceToSensed, logFalseAlarms } = candidate.coarse;
    const { significance } = await contrastOf(task, referenceToSensed);
    const decades = decadesOfContrast(significance) - logFalseAlarms;
    if (decades > most) [best, most] = [candidate, decades];
  }
  return best;
}

/** Why search came to nothing: no geometry was found, or none within the bound that was asked for. */
export type NotFound = 'too-few-windows' | 'beyond-max-shift';

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
      if (isWithinBound(task, coarse.referenceToSensed)) found.push({ proposal, coarse });
      else nothing = 'beyond-max-shift';
    }
    const [best] = bestSupported(found);
    if (best !== undefined && best.coarse.logFalseAlarms < measuringPolicy.searchUntil) return best;
  }
  return (await mostConvincing(task, found)) ?? nothing;
}
