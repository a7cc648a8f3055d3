import { parentPort, workerData } from 'node:worker_threads';
import { openRaster } from '../formats/open-raster.js';
import type { PixelWindow } from '../formats/raster-file.js';
import { buildMapping, type MappingStep } from './warp-mapping.js';
import { type WarpedWindow, warpWindow, type WindowPlan } from './warp-window.js';
import { toCrossing } from './worker-pool.js';

/** What a thread is told at its start. */
export interface WarpWorkerData {
  readonly source: string;
  readonly steps: readonly MappingStep[];
  readonly plan: WindowPlan;
}

const { source, steps, plan } = workerData as WarpWorkerData;
const opened = openRaster(source);
const mapping = buildMapping(steps);
// A failure is answered to the first task; it must not end the thread before.
opened.catch(() => {});
mapping.catch(() => {});

parentPort!.on('message', ({ id, task }: { id: number; task: PixelWindow }) => {
  void answer(id, task);
});

async function answer(id: number, window: PixelWindow): Promise<void> {
  try {
    const result: WarpedWindow = await warpWindow(await opened, await mapping, plan, window);
    const buffers = [...result.data, result.mask].map((array) => array.buffer as ArrayBuffer);
    parentPort!.postMessage({ id, result }, buffers);
  } catch (error) {
    parentPort!.postMessage({ id, error: toCrossing(error) }, []);
  }
}
