import { Worker } from 'node:worker_threads';
import type { TensorData } from './dtype.js';
import { OnnxGradError } from './error.js';
import type { Random } from './random.js';

/** Makes batches in a worker. */
export interface BatchSource {
  /**
   * Batch number `index`; must depend on nothing but it and `random`, so that any worker, and a resumed run, makes the same.
   * The arrays are handed over and must not be kept.
   */
  batch(index: number, random: Random): Record<string, TensorData> | Promise<Record<string, TensorData>>;
}

/** What the module of a source exports. */
export interface BatchSourceModule {
  readonly default: (options: unknown) => BatchSource | Promise<BatchSource>;
}

/** What a worker is started with. */
export interface WorkerTask {
  readonly module: string;
  readonly options: unknown;
  readonly seed: number;
}

/** What a worker answers. */
export type WorkerAnswer =
  | { readonly index: number; readonly batch: Record<string, TensorData> }
  | { readonly index: number; readonly error: string };

/** Where batches come from and who makes them. */
export interface WorkerBatchesOptions {
  /** URL (`import.meta.resolve('./source.js')`) of a module whose default export makes a {@link BatchSource}. */
  readonly module: string | URL;
  /** Handed to it; must survive structured cloning. */
  readonly options?: unknown | undefined;
  readonly seed: number;
  /** 1 unless named. */
  readonly workers?: number | undefined;
  /** How many batches are made ahead of use: twice the workers unless named. */
  readonly ahead?: number | undefined;
  /** The first batch's number; 0 unless named. */
  readonly first?: number | undefined;
}

/**
 * Batches made in worker threads, in order, without end; ending the loop ends the workers.
 *
 * @throws OnnxGradError `batch-failed` where the source throws or a worker dies, naming the batch
 */
export async function* workerBatches<B extends Record<string, TensorData>>(
  options: WorkerBatchesOptions,
): AsyncGenerator<B, never, undefined> {
  const { workers: count = 1, first = 0 } = options;
  const ahead = options.ahead ?? count * 2;
  const workerData: WorkerTask = { module: String(options.module), options: options.options, seed: options.seed };
  const waiting = new Map<number, { resolve: (batch: B) => void; reject: (error: OnnxGradError) => void }>();
  const failed = (index: number | undefined, why: string): OnnxGradError =>
    new OnnxGradError('batch-failed', index === undefined ? `a batch worker died: ${why}` : `batch ${index}: ${why}`, {
      value: index,
    });
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./batch-worker.js', import.meta.url), { workerData });
    worker.on('message', (answer: WorkerAnswer) => {
      const promise = waiting.get(answer.index);
      waiting.delete(answer.index);
      if ('error' in answer) promise?.reject(failed(answer.index, answer.error));
      else promise?.resolve(answer.batch as B);
    });
    worker.on('error', (error) => {
      for (const { reject } of waiting.values()) reject(failed(undefined, error.message));
      waiting.clear();
    });
    return worker;
  });
  const ask = (index: number): Promise<B> => {
    const answer = new Promise<B>((resolve, reject) => waiting.set(index, { resolve, reject }));
    // A failure of a batch made ahead is reported when its turn comes.
    answer.catch(() => undefined);
    workers[index % count]!.postMessage(index, []);
    return answer;
  };
  const queue: Promise<B>[] = [];
  let next = first;
  try {
    while (true) {
      while (queue.length < ahead) queue.push(ask(next++));
      yield await queue.shift()!;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
