import { availableParallelism } from 'node:os';
import type { PixelWindow } from '../formats/raster-file.js';
import { type PlannedLayer, warpLayers } from './warp-layers.js';
import type { WarpedWindow } from './warp-window.js';
import type { WindowWarper } from './warp-into.js';
import type { WarpWorkerData } from './warp-worker.js';
import { createWorkerPool } from './worker-pool.js';

/** Threads at most unless told otherwise: writing keeps no more of them busy. */
const mostThreads = 8;
/** Samples of a target that are warped sooner than a thread has started, unless threads are asked for. */
const fewSamples = 3e6;

/** Warps in worker threads where they can open the sources again and the target is large enough to gain from it, else in this thread. */
export function windowWarper(
  layers: readonly PlannedLayer[],
  options: {
    readonly threads: number | undefined;
    readonly signal: AbortSignal | undefined;
    /** Of the target, all bands. */
    readonly samples: number;
  },
): WindowWarper {
  const { threads, signal, samples } = options;
  const wanted = threads ?? (samples < fewSamples ? 0 : Math.min(mostThreads, availableParallelism()));
  const given = layers.flatMap(({ source: { location, decodesWhole }, steps, plan }) =>
    location === null || decodesWhole ? [] : [{ source: location, steps, plan }],
  );
  if (given.length < layers.length || wanted === 0) {
    return {
      warp: (window) => warpLayers(layers, window, signal),
      parallel: 1,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const data: WarpWorkerData = { layers: given };
  const pool = createWorkerPool<PixelWindow, WarpedWindow>(workerModule(), wanted, data);
  return {
    warp: (window) => pool.run(window),
    parallel: 2 * wanted,
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** The thread's module; seen from the sources, as tests do, it is the built one. */
function workerModule(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('../../dist/warp/warp-worker.js', import.meta.url)
    : new URL('./warp-worker.js', import.meta.url);
}
