import { setTimeout as sleep } from 'node:timers/promises';
import type { Job as QueueJob } from 'bullmq';
import { tool } from 'tiepoint/cli';
import type { Job } from '../job/job.js';
import type { Executor } from '../pool/pool.js';
import { type QueuedAnswer, type QueuedJob, queueClasses, untilReady } from './bullmq.js';

/** Ended jobs are kept in the service for a day, s: the coordinator may be away. */
const keep = { age: 86_400 };
/** Events can be lost while a service restarts: pending jobs are asked for so often, ms. */
const askEvery = 10_000;

type Entry = (answer: QueuedAnswer) => void;

/** The answer of a job that has ended; null for others. */
async function answerOf(queued: QueueJob<QueuedJob, QueuedAnswer> | undefined): Promise<QueuedAnswer | null> {
  if (queued === undefined) return { kind: 'death', cause: 'crash', message: 'the queue lost it' };
  const state = await queued.getState();
  if (state === 'completed') return queued.returnvalue;
  if (state !== 'failed') return null;
  // Workers that died over it, one after another; it is not the job that says so.
  return { kind: 'death', cause: 'crash', message: queued.failedReason };
}

/**
 * Runs jobs by workers that take them from a queue.
 *
 * @throws TiepointError `queue-unavailable`, `invalid-option`
 */
export async function createQueueExecutor(url: string): Promise<Executor> {
  const classes = await queueClasses(url);
  const queue = classes.queue();
  const events = classes.events();
  // Both connect again by themselves; until then nothing is lost.
  queue.on('error', () => {});
  events.on('error', () => {});
  await untilReady(url, Promise.all([queue.waitUntilReady(), events.waitUntilReady()]));
  const pending = new Map<string, Entry>();
  const end = (id: string, answer: QueuedAnswer): void => {
    pending.get(id)?.(answer);
    pending.delete(id);
  };
  const ask = async (id: string): Promise<void> => {
    const answer = await answerOf(await queue.getJob(id));
    if (answer !== null) end(id, answer);
  };
  const asked = (id: string): void => void ask(id).catch(() => {});
  events.on('completed', ({ jobId }) => pending.has(jobId) && asked(jobId));
  events.on('failed', ({ jobId }) => pending.has(jobId) && asked(jobId));
  const timer = setInterval(() => {
    for (const id of pending.keys()) asked(id);
  }, askEvery);
  timer.unref();

  /** Adds a job; one that is there and has not ended is the same job. */
  const add = async (job: Job): Promise<void> => {
    const before = await queue.getJob(job.id);
    // Its answer is known, and it is wanted again all the same: its files are not there, or it failed.
    if (before !== undefined && (await answerOf(before)) !== null) await before.remove();
    await queue.add('register', { job, tool }, { jobId: job.id, removeOnComplete: keep, removeOnFail: keep });
  };

  return {
    async run(job) {
      for (let pause = 500; ; pause = Math.min(10_000, 2 * pause)) {
        try {
          await add(job);
          break;
        } catch {
          // A service that restarts; Ctrl-C ends the waiting with everything else.
          await sleep(pause);
        }
      }
      return new Promise((resolve) => {
        pending.set(job.id, resolve);
        asked(job.id);
      });
    },
    cancel: (id) => {
      end(id, { kind: 'death', cause: 'stop', message: 'it was dismissed' });
      // One that a worker is at cannot be taken away: it ends there, and nobody asks for it.
      void queue
        .getJob(id)
        .then((queued) => queued?.remove())
        .catch(() => {});
    },
    kill: () => {
      for (const id of pending.keys()) end(id, { kind: 'death', cause: 'stop', message: 'the batch was interrupted' });
    },
    peakMemory: () => 0,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await Promise.allSettled([events.close(), queue.close()]);
    },
  };
}
