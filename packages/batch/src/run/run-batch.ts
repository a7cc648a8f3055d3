import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { type Job, outputPaths } from '../job/job.js';
import {
  journalFamily,
  type JournalState,
  openJournal,
  readJournals,
  setAside,
  shardPath,
} from '../journal/journal.js';
import { type Lock, lockHolder, takeLock } from '../journal/lock.js';
import type { DoneRecord } from '../journal/record.js';
import { createPool, type Executor, type PoolOptions } from '../pool/pool.js';
import { createJobRunner } from './job-runner.js';
import { standingOf } from './standing.js';

/** One of several parts that machines do without knowing of each other. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** What a batch is told. */
export interface BatchOptions {
  /** All jobs of the manifest, in order. */
  readonly jobs: readonly Job[];
  /** The journal of the whole batch; a shard's stands beside it. */
  readonly journal: string;
  readonly shard: Shard | null;
  readonly restart: boolean;
  readonly retryFailed: boolean;
  /** Replace files that this batch has not made. */
  readonly overwrite: boolean;
  readonly pool: Omit<PoolOptions, 'onWorkers'>;
  /** Jobs at once. */
  readonly size: number;
  /** Runs jobs in place of child processes of this one. */
  readonly executor?: (() => Promise<Executor>) | undefined;
  readonly pauses?: readonly number[] | undefined;
  readonly onEvent?: ((event: BatchEvent) => void) | undefined;
  /** Handed, once, how to end: after the jobs that run, or at once. */
  readonly onRunning?: ((control: BatchControl) => void) | undefined;
}

/** How a batch that runs is ended. */
export interface BatchControl {
  /** After the jobs that run. */
  readonly stop: () => void;
  /** At once. */
  readonly kill: () => void;
}

/** What happens while a batch runs. */
export type BatchEvent =
  /** `settled`: jobs that need nothing; `open`: those that will run. */
  | { readonly event: 'begin'; readonly settled: number; readonly open: number }
  | { readonly event: 'start'; readonly job: Job }
  | { readonly event: 'retry'; readonly job: Job; readonly why: string; readonly pause: number }
  | { readonly event: 'done'; readonly job: Job; readonly record: DoneRecord };

/** A job and how it ended; null where it has not, as of another shard or where the run was stopped. */
export interface JobEnd {
  readonly job: Job;
  readonly record: DoneRecord | null;
}

/** What a batch came to. */
export interface BatchResult {
  /** All jobs of the manifest, in order. */
  readonly ends: readonly JobEnd[];
  /** Ids of those that were this run's to do: a shard's, or all. */
  readonly own: ReadonlySet<string>;
  readonly peakMemory: number;
}

/** A batch and its shards do not run at once; shards of one batch do. */
async function refuseOtherRuns(options: BatchOptions): Promise<void> {
  const { journal, shard } = options;
  const others = shard === null ? await journalFamily(journal) : [journal];
  for (const path of others) {
    const holder = path === shardPath(journal, shard) ? null : lockHolder(`${path}.lock`);
    if (holder === null) continue;
    throw new TiepointError(
      'batch-locked',
      `${path}: process ${holder.pid} on ${holder.host} is at ${shard === null ? 'a part of' : 'all of'} this batch`,
      {
        value: path,
      },
    );
  }
}

/** @throws TiepointError `output-exists` where a job would replace a file that is not this batch's own */
function refuseForeignOutputs(jobs: readonly Job[], { owned }: JournalState): void {
  const foreign = jobs.flatMap(({ place, outputs }) =>
    outputPaths(outputs)
      .filter((path) => !owned.has(path) && existsSync(path))
      .map((path) => `${place}: ${path}`),
  );
  const [first] = foreign;
  if (first === undefined) return;
  const more = foreign.length > 1 ? ` (and ${foreign.length - 1} more)` : '';
  throw new TiepointError('output-exists', `${first} exists already, and no journal of this batch knows it${more}`, {
    hint: 'Choose another --output-folder, or allow files to be replaced (--overwrite).',
    value: first,
  });
}

async function standings(
  jobs: readonly Job[],
  state: JournalState,
  retryFailed: boolean,
): Promise<{
  readonly settled: ReadonlyMap<string, DoneRecord>;
  readonly found: readonly DoneRecord[];
  readonly open: readonly Job[];
}> {
  const settled = new Map<string, DoneRecord>();
  const found: DoneRecord[] = [];
  const open: Job[] = [];
  for (const job of jobs) {
    const standing = await standingOf(job, state, retryFailed);
    if (standing.kind === 'open') {
      open.push(job);
      continue;
    }
    settled.set(job.id, standing.record);
    if (standing.found) found.push(standing.record);
  }
  return { settled, found, open };
}

/**
 * Runs what is left of a batch.
 *
 * @throws TiepointError `batch-locked`, `output-exists`, `output-unwritable`, `disk-full`; whatever happens to single jobs stands
 *   in the result
 */
export async function runBatch(options: BatchOptions): Promise<BatchResult> {
  const { jobs, shard, restart, retryFailed, onEvent } = options;
  mkdirSync(dirname(options.journal), { recursive: true });
  const path = shardPath(options.journal, shard);
  using lock = await takeLock(`${path}.lock`);
  await refuseOtherRuns(options);
  if (restart) await setAside(path);
  const state = await readJournals(options.journal);
  const own = jobs.filter((_, i) => shard === null || i % shard.count === shard.index - 1);
  // Begun anew, marks of before do not count either.
  const { settled, found, open } = restart
    ? { settled: new Map<string, DoneRecord>(), found: [], open: own }
    : await standings(own, state, retryFailed);
  if (!options.overwrite) refuseForeignOutputs(open, state);
  using journal = openJournal(path);
  for (const record of found) journal.append(record);
  onEvent?.({ event: 'begin', settled: settled.size, open: open.length });
  const ended = await runOpen(options, open, journal, lock);
  const records = new Map([...state.done, ...settled, ...ended.records]);
  return {
    ends: jobs.map((job) => ({ job, record: ended.unfinished.has(job.id) ? null : (records.get(job.id) ?? null) })),
    own: new Set(own.map(({ id }) => id)),
    peakMemory: ended.peakMemory,
  };
}

async function runOpen(
  options: BatchOptions,
  open: readonly Job[],
  journal: ReturnType<typeof openJournal>,
  lock: Lock,
): Promise<{
  readonly records: ReadonlyMap<string, DoneRecord>;
  readonly unfinished: ReadonlySet<string>;
  readonly peakMemory: number;
}> {
  const { onEvent, executor: given } = options;
  await using executor =
    given === undefined ? createPool({ ...options.pool, onWorkers: lock.setWorkers }) : await given();
  const runner = createJobRunner({
    executor,
    size: options.size,
    journal,
    pauses: options.pauses,
    onStart: (job) => onEvent?.({ event: 'start', job }),
    onRetry: (job, why, pause) => onEvent?.({ event: 'retry', job, why, pause }),
    onDone: (job, record) => onEvent?.({ event: 'done', job, record }),
  });
  options.onRunning?.({
    stop: runner.stop,
    kill: () => {
      runner.stop();
      executor.kill();
    },
  });
  const ends = await Promise.allSettled(open.map((job) => runner.add(job)));
  const records = new Map<string, DoneRecord>();
  const unfinished = new Set<string>();
  for (const [i, end] of ends.entries()) {
    const { id } = open[i]!;
    if (end.status === 'fulfilled' && end.value !== null) records.set(id, end.value);
    else unfinished.add(id);
  }
  // What stopped the run comes last, when nothing runs any more.
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return { records, unfinished, peakMemory: executor.peakMemory() };
}
