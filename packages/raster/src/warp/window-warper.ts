import { availableParallelism } from 'node:os';
import type { PixelWindow, RasterFile } from '../formats/raster-file.js';
import type { buildMapping, MappingStep } from './warp-mapping.js';
import { type WarpedWindow, warpWindow, type WindowPlan } from './warp-window.js';
import type { WindowWarper } from './warp-into.js';
import type { WarpWorkerData } from './warp-worker.js';
import { createWorkerPool } from './worker-pool.js';

/** Threads at most unless told otherwise: writing keeps no more of them busy. */
const mostThreads = 8;

/** Warps in worker threads where they can open the source again and it gains from it, else in this thread. */
export function windowWarper(
  source: RasterFile,
  steps: readonly MappingStep[],
  mapping: Awaited<ReturnType<typeof buildMapping>>,
  plan: WindowPlan,
  { threads, signal }: { readonly threads: number | undefined; readonly signal: AbortSignal | undefined },
): WindowWarper {
  const wanted = threads ?? Math.min(mostThreads, availableParallelism());
  if (source.location === null || source.decodesWhole || wanted === 0) {
    return {
      warp: (window) => warpWindow(source, mapping, plan, window, signal),
      parallel: 1,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const data: WarpWorkerData = { source: source.location, steps, plan };
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
