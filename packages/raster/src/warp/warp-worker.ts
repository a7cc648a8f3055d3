import { parentPort, workerData } from 'node:worker_threads';
import { openRaster } from '../formats/open-raster.js';
import type { PixelWindow } from '../formats/raster-file.js';
import { warpLayers } from './warp-layers.js';
import { buildMapping, type MappingStep } from './warp-mapping.js';
import type { WarpedWindow, WindowPlan } from './warp-window.js';
import { toCrossing } from './worker-pool.js';

/** What a thread is told at its start. */
export interface WarpWorkerData {
  readonly layers: readonly {
    readonly source: string;
    readonly steps: readonly MappingStep[];
    readonly plan: WindowPlan;
  }[];
}

const { layers } = workerData as WarpWorkerData;
/** A file that gives several layers is opened once. */
const files = new Map(layers.map(({ source }) => [source, null as ReturnType<typeof openRaster> | null]));
for (const source of files.keys()) files.set(source, openRaster(source));
const opened = Promise.all(
  layers.map(async ({ source, steps, plan }) => ({
    source: await files.get(source)!,
    mapping: await buildMapping(steps),
    plan,
  })),
);
// A failure is answered to the first task; it must not end the thread before.
opened.catch(() => {});

parentPort!.on('message', ({ id, task }: { id: number; task: PixelWindow }) => {
  void answer(id, task);
});

async function answer(id: number, window: PixelWindow): Promise<void> {
  try {
    const result: WarpedWindow = await warpLayers(await opened, window);
    const buffers = [...result.data, result.mask].map((array) => array.buffer as ArrayBuffer);
    parentPort!.postMessage({ id, result }, buffers);
  } catch (error) {
    parentPort!.postMessage({ id, error: toCrossing(error) }, []);
  }
}
