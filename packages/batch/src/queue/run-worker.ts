import { tool } from 'tiepoint/cli';
import { createPool, type PoolOptions } from '../pool/pool.js';
import { type QueuedAnswer, type QueuedJob, queueClasses, untilReady } from './bullmq.js';

/** What a worker is told. */
export interface WorkerOptions {
  readonly url: string;
  /** Jobs at once. */
  readonly size: number;
  readonly pool: PoolOptions;
  readonly onStart?: ((queued: QueuedJob) => void) | undefined;
  readonly onEnd?: ((queued: QueuedJob, answer: QueuedAnswer) => void) | undefined;
  readonly onTrouble?: ((message: string) => void) | undefined;
  /** Ends the worker when no job has come for so long, ms; never unless given. */
  readonly idle?: number | undefined;
  /** Handed how to end it after the jobs that run, and at once. */
  readonly onRunning?: ((control: { readonly stop: () => void; readonly kill: () => void }) => void) | undefined;
}

/** A job that another version planned: it would get another result under the same id. */
function wrongTool(planned: string): QueuedAnswer {
  const message = `it was planned by ${planned}, and this worker is ${tool}`;
  return {
    kind: 'answer',
    status: 6,
    outcome: null,
    error: { code: 'other-version', message },
    networkFault: false,
    written: [],
  };
}

/**
 * Takes jobs from a queue until it is told to end.
 *
 * @throws TiepointError `queue-unavailable`, `invalid-option`
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { url, size, onStart, onEnd, onTrouble, idle } = options;
  const classes = await queueClasses(url);
  await using pool = createPool(options.pool);
  let last = Date.now();
  let running = 0;
  const run = async (queued: QueuedJob): Promise<QueuedAnswer> => {
    running++;
    onStart?.(queued);
    try {
      const answer = queued.tool === tool ? await pool.run(queued.job) : wrongTool(queued.tool);
      // What this worker's own end stops goes back to the queue.
      if (answer.kind === 'death' && answer.cause === 'stop') throw new Error('the worker was stopped');
      onEnd?.(queued, answer);
      return answer;
    } finally {
      running--;
      last = Date.now();
    }
  };
  const worker = classes.worker(run, size);
  let trouble = '';
  worker.on('error', ({ message }) => {
    if (message !== trouble) onTrouble?.(message);
    trouble = message;
  });
  try {
    await untilReady(url, worker.waitUntilReady());
    await new Promise<void>((resolve) => {
      const timer =
        idle === undefined
          ? undefined
          : setInterval(() => {
              if (running === 0 && Date.now() - last > idle) stop();
            }, 500);
      const stop = (): void => {
        clearInterval(timer);
        resolve();
      };
      options.onRunning?.({
        stop,
        kill: () => {
          stop();
          // Its locks end by themselves, and others take the jobs.
          pool.kill();
        },
      });
    });
  } finally {
    await worker.close();
  }
}
