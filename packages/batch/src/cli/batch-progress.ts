import type { CliSession } from 'tiepoint/cli';
import type { BatchEvent, JobEnd } from '../run/run-batch.js';
import { type JobState, stateOf } from '../summary/row.js';

/** How many jobs stand how. */
export type Counts = Readonly<Record<JobState, number>>;

/** Counts jobs by how they stand. */
export function countStates(ends: readonly JobEnd[]): Counts {
  const counts = { accepted: 0, warning: 0, refused: 0, failed: 0, open: 0 };
  for (const end of ends) counts[stateOf(end)]++;
  return counts;
}

/** `12 accepted, 3 with a warning, 1 refused`. */
export function describeCounts({ accepted, warning, refused, failed, open }: Counts): string {
  const parts = [
    [accepted, 'accepted'],
    [warning, 'with a warning'],
    [refused, 'refused'],
    [failed, 'failed'],
    [open, 'not done'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return shown.length === 0 ? 'nothing to do' : shown.join(', ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** Lines without a terminal come at most so often, ms. */
const lineEvery = 30_000;

/** Tells people and programs how far a batch is. */
export function batchProgress(
  session: CliSession,
  flags: { readonly json?: true | undefined; readonly quiet?: true | undefined },
): (event: BatchEvent) => void {
  const counts = { accepted: 0, warning: 0, refused: 0, failed: 0, open: 0 };
  const begin = performance.now();
  let [todo, finished, lastLine] = [0, 0, begin];
  const line = (): string => {
    const rate = (performance.now() - begin) / 1000 / Math.max(1, finished);
    const left = finished === 0 ? '' : `; ${duration(rate * (todo - finished))} left`;
    const { open: _open, ...ended } = counts;
    return `${finished} of ${todo} done${finished === 0 ? '' : `: ${describeCounts({ ...ended, open: 0 })}`}${left}`;
  };
  return (event) => {
    if (flags.json) void session.out(`${JSON.stringify(forPrograms(event))}\n`);
    if (event.event === 'begin') {
      todo = event.open;
      if (!flags.quiet && event.settled > 0)
        session.err(`${event.settled} pairs are done already, ${event.open} are left`);
    }
    if (event.event === 'retry' && !flags.quiet) {
      session.progress('');
      session.err(`tiepoint: ${event.job.name}: ${event.why}; tried again in ${duration(event.pause / 1000)}`);
    }
    if (event.event === 'done') {
      finished++;
      const state = stateOf({ job: event.job, record: event.record });
      counts[state]++;
      const { error, outcome } = event.record;
      if (!flags.quiet && (state === 'failed' || state === 'refused')) {
        session.progress('');
        session.err(`tiepoint: ${event.job.name}: ${state}: ${error?.message ?? outcome?.reasons.join('; ') ?? ''}`);
      }
    }
    session.progress(line());
    if (!flags.quiet && !process.stderr.isTTY && performance.now() - lastLine > lineEvery) {
      lastLine = performance.now();
      session.err(line());
    }
  };
}

/** An event without what programs can do without. */
function forPrograms(event: BatchEvent): object {
  if (event.event === 'begin') return { version: 1, ...event };
  const { id, name, place, reference, sensed } = event.job;
  const job = { id, name, place, reference, sensed };
  if (event.event === 'start') return { event: event.event, ...job };
  if (event.event === 'retry') return { event: event.event, ...job, why: event.why, seconds: event.pause / 1000 };
  const { status, outcome, error, attempts, written } = event.record;
  return { event: event.event, ...job, status, verdict: outcome?.verdict ?? null, outcome, error, attempts, written };
}
