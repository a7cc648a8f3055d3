import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TiepointError } from '@tiepoint/geometry';
import { type Job, outputPaths } from '../job/job.js';
import type { Journal } from '../journal/journal.js';
import type { DoneRecord } from '../journal/record.js';
import type { JobAnswer, JobDeath } from '../pool/messages.js';
import type { Executor } from '../pool/pool.js';

/** Pauses before a job is tried again whose process died or whose network failed, ms. */
const usualPauses: readonly number[] = [1_000, 8_000, 60_000];

/** How jobs are brought to their end. */
export interface RunnerOptions {
  readonly executor: Executor;
  /** Jobs at once. */
  readonly size: number;
  readonly journal: Journal;
  readonly pauses?: readonly number[] | undefined;
  readonly onStart?: ((job: Job) => void) | undefined;
  readonly onRetry?: ((job: Job, why: string, pause: number) => void) | undefined;
  readonly onDone?: ((job: Job, record: DoneRecord) => void) | undefined;
}

/** Brings jobs to their end, in order: journal, executor, further tries. */
export interface JobRunner {
  /** Resolves to how the job ended, or to null where the run stopped before. @throws the error that stopped the run */
  add(job: Job): Promise<DoneRecord | null>;
  /** Leaves a job out, or ends it at once where it runs; what it was added by resolves to null. */
  cancel(id: string): void;
  /** Starts no further job; those that run end as they do. */
  stop(): void;
  /** Jobs that run or wait for another try. */
  readonly pending: () => number;
}

/** Removes what a killed process has left of its outputs under temporary names. */
function sweep({ outputs }: Job): void {
  for (const path of outputPaths(outputs)) {
    const begin = `.${basename(path)}.`;
    let names: string[];
    try {
      names = readdirSync(dirname(path));
    } catch {
      continue;
    }
    for (const name of names) {
      if (name.startsWith(begin) && name.endsWith('.tmp')) rmSync(join(dirname(path), name), { force: true });
    }
  }
}

function recordOf(job: Job, end: JobAnswer | JobDeath, attempts: number): DoneRecord {
  const time = new Date().toISOString();
  if (end.kind === 'answer') {
    const { status, outcome, error, written } = end;
    return { event: 'done', id: job.id, status, outcome, error, attempts, written, time };
  }
  const code = end.cause === 'limit' ? 'job-limit' : 'job-died';
  const error = { code, message: end.message };
  return { event: 'done', id: job.id, status: 1, outcome: null, error, attempts, written: [], time };
}

/** Whether another try may end otherwise: not where a limit ended it, nor where the job said what is wrong. */
function mayTryAgain(end: JobAnswer | JobDeath): boolean {
  return end.kind === 'answer' ? end.networkFault : end.cause === 'crash';
}

/** Makes a runner; it holds nothing that needs to be freed. */
export function createJobRunner(options: RunnerOptions): JobRunner {
  const { executor, size, journal, pauses = usualPauses, onStart, onRetry, onDone } = options;
  interface Entry {
    readonly job: Job;
    readonly resolve: (record: DoneRecord | null) => void;
    readonly reject: (error: unknown) => void;
  }
  const queue: Entry[] = [];
  const stopping = new AbortController();
  let [running, head] = [0, 0];

  const stop = (error?: unknown): void => {
    stopping.abort();
    for (const { resolve, reject } of queue.splice(head)) {
      if (error === undefined) resolve(null);
      else reject(error);
    }
  };

  const attempt = async (job: Job): Promise<DoneRecord | null> => {
    for (let attempts = 1; ; attempts++) {
      const end = await executor.run(job);
      if (end.kind === 'death') sweep(job);
      if (end.kind === 'death' && end.cause === 'stop') return null;
      if (end.kind === 'answer' && end.error?.code === 'disk-full') {
        // Every further job would end so: that is nothing to be known of the jobs.
        throw new TiepointError('disk-full', `${job.name}: ${end.error.message}`, { value: job.outputs.solution });
      }
      const pause = pauses[attempts - 1];
      if (!mayTryAgain(end) || pause === undefined) return recordOf(job, end, attempts);
      const why = end.kind === 'death' ? end.message : (end.error?.message ?? 'the network failed');
      onRetry?.(job, why, pause);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return null;
    }
  };

  const run = async ({ job, resolve, reject }: Entry): Promise<void> => {
    try {
      sweep(job);
      journal.append({ event: 'start', id: job.id, outputs: outputPaths(job.outputs), time: new Date().toISOString() });
      onStart?.(job);
      const record = await attempt(job);
      if (record !== null) {
        journal.append(record);
        onDone?.(job, record);
      }
      resolve(record);
    } catch (error) {
      reject(error);
      stop(error);
    } finally {
      running--;
      pump();
    }
  };

  const pump = (): void => {
    while (running < size && head < queue.length && !stopping.signal.aborted) {
      running++;
      void run(queue[head++]!);
    }
    if (head === queue.length || head > 1000) {
      queue.splice(0, head);
      head = 0;
    }
  };

  return {
    add: (job) =>
      new Promise((resolve, reject) => {
        if (stopping.signal.aborted) {
          resolve(null);
          return;
        }
        queue.push({ job, resolve, reject });
        pump();
      }),
    cancel: (id) => {
      const at = queue.findIndex((entry, i) => i >= head && entry.job.id === id);
      if (at < 0) executor.cancel(id);
      else queue.splice(at, 1)[0]!.resolve(null);
    },
    stop: () => stop(),
    pending: () => running + queue.length - head,
  };
}
