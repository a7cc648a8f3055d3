import { TiepointError } from '@tiepoint/geometry';
import type { Queue, QueueEvents, Worker } from 'bullmq';
import type { Job } from '../job/job.js';
import type { JobAnswer, JobDeath } from '../pool/messages.js';

/** What stands in the queue: plain data. */
export interface QueuedJob {
  readonly job: Job;
  /** Name and version of the tool that planned it: another would give another result. */
  readonly tool: string;
}

/** How a queued job ended. */
export type QueuedAnswer = JobAnswer | JobDeath;

/** BullMQ's classes, bound to one service. */
export interface QueueClasses {
  queue(): Queue<QueuedJob, QueuedAnswer>;
  events(): QueueEvents;
  worker(run: (job: QueuedJob) => Promise<QueuedAnswer>, concurrency: number): Worker<QueuedJob, QueuedAnswer>;
}

/** All batches share one queue: jobs have ids of their own. */
const name = 'tiepoint';
/** A worker that has not renewed its lock for so long is taken for dead, ms. Renewal does not depend on the matching, which runs in processes of its own. */
const lockDuration = 15_000;
const stalledInterval = 5_000;
/** Times that workers may die over one job. */
const maxStalledCount = 3;

const workerOptions = (concurrency: number): object => ({
  concurrency,
  lockDuration,
  stalledInterval,
  maxStalledCount,
});

function unavailable(url: string, why: string, cause?: unknown): TiepointError {
  return new TiepointError('queue-unavailable', `${withoutSecret(url)}: ${why}`, {
    hint: 'Check that the service runs and that its address is right: redis://HOST:6379 or postgres://USER@HOST/DATABASE.',
    value: withoutSecret(url),
    cause,
  });
}

/** An address without its password. */
function withoutSecret(url: string): string {
  return url.replace(/\/\/([^/@:]*):[^/@]*@/, '//$1:…@');
}

async function load(url: string): Promise<typeof import('bullmq')> {
  try {
    return await import('bullmq');
  } catch (cause) {
    throw new TiepointError('queue-unavailable', `${withoutSecret(url)}: BullMQ is not installed`, {
      hint: 'npm install bullmq ioredis (for Redis and Valkey) or bullmq pg (for PostgreSQL)',
      value: withoutSecret(url),
      cause,
    });
  }
}

/**
 * BullMQ on the service of an address: `redis:`, `rediss:` or `postgres:`.
 *
 * @throws TiepointError `queue-unavailable`, `invalid-option`
 */
export async function queueClasses(url: string): Promise<QueueClasses> {
  const scheme = /^(\w+):\/\//.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'redis' || scheme === 'rediss') {
    const bullmq = await load(url);
    const options = { connection: { url, maxRetriesPerRequest: null } };
    return {
      queue: () => new bullmq.Queue(name, options),
      events: () => new bullmq.QueueEvents(name, options),
      worker: (run, concurrency) =>
        new bullmq.Worker(name, ({ data }) => run(data), { ...options, ...workerOptions(concurrency) }),
    };
  }
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const bullmq = await load(url);
    const { createPostgresBackend } = bullmq;
    // Its tables are made where there are none yet; a lock of BullMQ's own lets one process do that.
    const options = { connection: { connectionString: url, migrate: true } };
    // BullMQ types its classes by the backend; all that is used of them is what every backend has.
    return {
      queue: () => new bullmq.Queue(name, options, createPostgresBackend) as unknown as Queue<QueuedJob, QueuedAnswer>,
      events: () => new bullmq.QueueEvents(name, options, createPostgresBackend) as unknown as QueueEvents,
      worker: (run, concurrency) =>
        new bullmq.Worker(
          name,
          ({ data }) => run(data as QueuedJob),
          { ...options, ...workerOptions(concurrency) },
          createPostgresBackend,
        ) as unknown as Worker<QueuedJob, QueuedAnswer>,
    };
  }
  throw new TiepointError('invalid-option', `${withoutSecret(url)}: not an address of a queue`, {
    hint: 'Give redis://HOST:6379 (Valkey as well) or postgres://USER@HOST/DATABASE.',
    value: scheme,
  });
}

/** Waits for a service to answer. @throws TiepointError `queue-unavailable` */
export async function untilReady(url: string, ready: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable(url, 'the queue does not answer')), 15_000);
  });
  try {
    await Promise.race([ready, late]);
  } catch (cause) {
    if (cause instanceof TiepointError) throw cause;
    throw unavailable(url, `the queue cannot be reached (${(cause as Error).message})`, cause);
  } finally {
    clearTimeout(timer);
  }
}
