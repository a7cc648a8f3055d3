import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseRegistration } from 'tiepoint';
import { statusOf } from 'tiepoint/cli';
import { type Job, outputPaths } from '../job/job.js';
import type { JournalState } from '../journal/journal.js';
import type { DoneRecord } from '../journal/record.js';
import { outcomeOf } from '../pool/outcome.js';

/** How a job stands before a run. */
export type Standing =
  /** Nothing is left to be done. `found`: the journal did not know, but its mark is there. */
  { readonly kind: 'settled'; readonly record: DoneRecord; readonly found: boolean } | { readonly kind: 'open' };

const open: Standing = { kind: 'open' };

/**
 * The record of a job whose solution is there while its end is not in the journal, as where the coordinator died in between; null
 * where it is not, or is another job's.
 */
async function recordOfMark(job: Job): Promise<DoneRecord | null> {
  const { solution } = job.outputs;
  if (!existsSync(solution)) return null;
  const registration = parseRegistration(await readFile(solution, 'utf8'));
  if (registration === null || registration.provenance.job !== job.id) return null;
  return {
    event: 'done',
    id: job.id,
    status: statusOf(registration.verdict),
    outcome: await outcomeOf(registration),
    error: null,
    attempts: 1,
    written: outputPaths(job.outputs).filter((path) => existsSync(path)),
    time: new Date().toISOString(),
  };
}

/** Whether all that a job is to write is there: what was removed since, or is wanted now and was not before, is made again. */
function isWhole({ outputs }: Job, { outcome }: DoneRecord): boolean {
  const { output, accuracy, ...always } = outputs;
  const wanted = outcome?.verdict === 'refuse' ? always : { ...always, output, accuracy };
  return Object.values(wanted).every((path) => path === undefined || existsSync(path));
}

/** Whether a job is done, by the journal and by what lies on the disk. */
export async function standingOf(job: Job, { done }: JournalState, retryFailed: boolean): Promise<Standing> {
  const record = done.get(job.id);
  if (record === undefined) {
    const mark = await recordOfMark(job);
    return mark === null || !isWhole(job, mark) ? open : { kind: 'settled', record: mark, found: true };
  }
  const failed = record.outcome === null;
  if (failed) return retryFailed ? open : { kind: 'settled', record, found: false };
  return isWhole(job, record) ? { kind: 'settled', record, found: false } : open;
}
