import { basename, join, resolve } from 'node:path';
import { loadSigner } from '@tiepoint/catalog';
import { type CliSession, exitCodes } from 'tiepoint/cli';
import { planJobs } from '../job/plan-jobs.js';
import { readJournals } from '../journal/journal.js';
import { createQueueExecutor } from '../queue/queue-executor.js';
import { threadsOf, usualBound, usualJobs } from '../run/defaults.js';
import { type BatchControl, type BatchResult, type JobEnd, runBatch } from '../run/run-batch.js';
import { standingOf } from '../run/standing.js';
import { writeStac } from '../summary/write-stac.js';
import { checkSummaries, writeSummary } from '../summary/write-summary.js';
import type { BatchFlags } from './batch-command.js';
import { batchProgress, countStates, describeCounts } from './batch-progress.js';
import { type BatchRows, readRows } from './read-rows.js';

/** Pairs that stand in a queue at a time: enough for many workers, and not too many to be asked for. */
const queuedAtOnce = 1000;

/** Where a batch keeps what it does. */
function placesOf(
  flags: BatchFlags,
  { title, folder }: BatchRows,
): { readonly outputs: string; readonly journal: string; readonly thumbnails: string } {
  const outputs = resolve(flags.outputFolder ?? folder);
  const own = flags.outputFolder === undefined ? `${basename(title)}.tiepoint-batch.jsonl` : 'tiepoint-batch.jsonl';
  const journal = flags.journal === undefined ? join(outputs, own) : resolve(flags.journal);
  return { outputs, journal, thumbnails: join(outputs, 'tiepoint-thumbnails') };
}

/** The exit status of a batch: the worst of its jobs'. What a signal left undone is said by the signal's own status. */
function batchStatus(ends: readonly JobEnd[]): number {
  const counts = countStates(ends);
  if (counts.failed > 0) return exitCodes.unexpected;
  if (counts.refused > 0) return exitCodes.refused;
  return counts.warning > 0 ? exitCodes.warned : exitCodes.accepted;
}

/** Ctrl-C ends after the jobs that run, a second one at once. */
function interruptible(session: CliSession): {
  readonly onRunning: (control: BatchControl) => void;
  readonly status: () => number | null;
} {
  let control: BatchControl | null = null;
  let by: 'SIGINT' | 'SIGTERM' | null = null;
  session.onInterrupt((signal) => {
    if (control === null) return false;
    if (by === null) {
      session.progress('');
      session.err('tiepoint: ending after the pairs that run; once more to end at once');
      control.stop();
    } else {
      control.kill();
    }
    by = signal;
    return true;
  });
  return {
    onRunning: (running) => {
      control = running;
    },
    status: () => (by === null ? null : by === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted),
  };
}

/** Lists jobs and what is done of them. */
async function listJobs(
  jobs: Parameters<typeof runBatch>[0]['jobs'],
  journal: string,
  session: CliSession,
): Promise<void> {
  const state = await readJournals(journal);
  for (const job of jobs) {
    const standing = await standingOf(job, state, false);
    const status = standing.kind === 'open' ? 'open' : `done, ${standing.record.status}`;
    await session.out(`${job.name}\t${status}\t${job.sensed}\t${job.reference}\n`);
  }
}

/** Runs `tiepoint batch`. @throws TiepointError of the manifest, and what stops a batch */
export async function runBatchCommand(
  named: readonly string[],
  flags: BatchFlags,
  shared: Readonly<Record<string, unknown>>,
  session: CliSession,
): Promise<void> {
  const summaries = flags.summary ?? [];
  checkSummaries(summaries);
  if (flags.signer !== undefined) await loadSigner(flags.signer);
  const rows = await readRows(named, flags, session);
  const places = placesOf(flags, rows);
  const jobs = await planJobs(rows.rows, {
    inputFolder: rows.folder,
    outputFolder: places.outputs,
    nameOutputs: flags.outputFolder !== undefined,
    reports: flags.reports === true,
    thumbnailFolder: flags.thumbnails ? places.thumbnails : null,
    shared,
  });
  if (flags.dryRun) {
    await listJobs(jobs, places.journal, session);
    return;
  }
  const size = flags.jobs ?? (flags.queue === undefined ? usualJobs() : queuedAtOnce);
  const { queue } = flags;
  const interrupts = interruptible(session);
  const result = await runBatch({
    jobs,
    journal: places.journal,
    shard: flags.shard ?? null,
    restart: flags.restart === true,
    retryFailed: flags.retryFailed === true,
    overwrite: flags.overwrite === true,
    size,
    executor: queue === undefined ? undefined : () => createQueueExecutor(queue),
    pool: {
      threads: threadsOf(size),
      timeout: flags.timeout * 1000,
      signer: flags.signer,
      memory: flags.memory === undefined ? usualBound(size) : flags.memory * 2 ** 20,
    },
    onEvent: batchProgress(session, flags),
    onRunning: interrupts.onRunning,
  });
  session.progress('');
  for (const path of summaries) writeSummary(path, result.ends, rows.title);
  if (flags.stac !== undefined) await writeStac(flags.stac, result.ends);
  await sayEnd(result, flags, places.journal, session);
  session.exitCode = interrupts.status() ?? batchStatus(ownEnds(result));
}

/** What this run was to do: a shard answers for its own part only. */
function ownEnds({ ends, own }: BatchResult): readonly JobEnd[] {
  return ends.filter(({ job }) => own.has(job.id));
}

async function sayEnd(result: BatchResult, flags: BatchFlags, journal: string, session: CliSession): Promise<void> {
  const counts = countStates(ownEnds(result));
  if (flags.json) {
    const { accepted, warning, refused, failed, open } = counts;
    const peakMB = Math.round(result.peakMemory / 2 ** 20);
    const event = {
      event: 'end',
      accepted,
      warning,
      refused,
      failed,
      open,
      peakMB,
      journal,
      summaries: flags.summary ?? [],
    };
    await session.out(`${JSON.stringify(event)}\n`);
  } else if (!flags.quiet) {
    await session.out(`${describeCounts(counts)}\n`);
    for (const path of flags.summary ?? []) await session.out(`wrote ${path}\n`);
  }
}
