import { parentPort, workerData } from 'node:worker_threads';
import type { TensorData } from './dtype.js';
import { createRandom, mixSeeds } from './random.js';
import type { BatchSource, BatchSourceModule, WorkerAnswer, WorkerTask } from './worker-batches.js';

/** The far side of `workerBatches`: makes the batches it is asked for and hands their memory over. */
async function serve(): Promise<void> {
  const { module, options, seed } = workerData as WorkerTask;
  const port = parentPort!;
  let source: Promise<BatchSource> | undefined;
  port.on('message', (index: number) => {
    source ??= import(module).then((loaded: BatchSourceModule) => loaded.default(options));
    source
      .then((ready) => ready.batch(index, createRandom(mixSeeds(seed, index))))
      .then((batch) => {
        const memory = new Set(Object.values(batch).map((data: TensorData) => data.buffer as ArrayBuffer));
        port.postMessage({ index, batch } satisfies WorkerAnswer, [...memory]);
      })
      .catch((error: unknown) => {
        port.postMessage({
          index,
          error: error instanceof Error ? error.message : String(error),
        } satisfies WorkerAnswer);
      });
  });
}

await serve();
