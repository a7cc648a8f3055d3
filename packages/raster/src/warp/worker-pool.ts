import { Worker } from 'node:worker_threads';
import { TiepointError } from '@tiepoint/geometry';

/** Threads that each answer tasks, several at a time. */
export interface WorkerPool<Task, Result> extends AsyncDisposable {
  readonly size: number;
  /** Sends a task to the thread with the least to do. */
  run(task: Task): Promise<Result>;
}

/** An error as it crosses between threads. */
export interface CrossingError {
  readonly message: string;
  readonly code?: string;
  readonly hint?: string | undefined;
  readonly value?: unknown;
}

/** What a thread answers. */
type Answer<Result> =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly error: CrossingError };

interface Thread<Result> {
  readonly worker: Worker;
  readonly waiting: Map<number, { resolve: (result: Result) => void; reject: (error: unknown) => void }>;
}

/**
 * Starts threads running a module. Each message `{ id, task }` must be answered by an {@link Answer}.
 * @param data Given to every thread as `workerData`.
 */
export function createWorkerPool<Task, Result>(module: URL, size: number, data: unknown): WorkerPool<Task, Result> {
  let counter = 0;
  const threads = Array.from({ length: size }, (): Thread<Result> => {
    const worker = new Worker(module, { workerData: data });
    const waiting: Thread<Result>['waiting'] = new Map();
    const failAll = (error: unknown): void => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    worker.on('message', (answer: Answer<Result>) => {
      const task = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('error' in answer) task?.reject(revive(answer.error));
      else task?.resolve(answer.result);
    });
    worker.on('error', failAll);
    worker.on('exit', () => failAll(new Error('a worker thread ended early')));
    worker.unref();
    return { worker, waiting };
  });
  return {
    size,
    run: (task) =>
      new Promise((resolve, reject) => {
        const thread = threads.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
        const id = counter++;
        thread.waiting.set(id, { resolve, reject });
        // Work under way keeps the process alive.
        thread.worker.ref();
        thread.worker.postMessage({ id, task }, []);
      }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

/** An error in a form that can cross to another thread. */
export function toCrossing(error: unknown): CrossingError {
  if (error instanceof TiepointError) {
    const { message, code, hint, value } = error;
    return { message, code, value, hint };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}

function revive(error: CrossingError): Error {
  if (error.code === undefined) return new Error(error.message);
  const details = { value: error.value, hint: error.hint };
  return new TiepointError(error.code, error.message, details);
}
