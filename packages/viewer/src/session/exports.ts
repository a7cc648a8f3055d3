import type { WarpResampling } from '@tiepoint/raster';
import { metadataItems, type Registration, transformFromJson } from 'tiepoint';
import { openPair } from '../state/state.js';
import type { ViewerStore } from '../state/viewer-store.js';
import type { Client } from '../worker/client.js';
import type { TilesHandlers } from '../worker/tiles-worker.js';
import { registeredName } from './command-line.js';
import { failureIn } from './failure-in.js';
import { chooseTarget, saveFile, saveTo } from './save-file.js';
import { words } from '../words.js';

const { exported: text } = words;

/** How something that takes a while is watched and ended. */
interface Watch {
  readonly signal: AbortSignal;
  /** Told the percent that are done. */
  readonly onProgress: (percent: string) => void;
}

/** What can be taken away. */
export interface Exports {
  /** Warps the sensed image and saves it. */
  readonly saveImage: (resampling: WarpResampling, watch: Watch) => Promise<void>;
  /** Saves the STAC item of the warped image, which is warped for it unless it was just now. */
  readonly saveItem: (resampling: WarpResampling, watch: Watch) => Promise<void>;
  readonly saveReport: () => Promise<void>;
  readonly savePoints: (name: string) => Promise<void>;
  readonly saveSolution: () => void;
  readonly savePicture: (picture: OffscreenCanvas, name: string) => Promise<void>;
}

/** A solution file's text. */
function solutionText(registration: Registration): string {
  return `${JSON.stringify(registration, null, 2)}\n`;
}

const json = (content: string): Blob => new Blob([content], { type: 'application/json' });

/** What the page does to let things be taken away. */
export function createExports(store: ViewerStore, tiles: Client<TilesHandlers>): Exports {
  /** Runs an export; what goes wrong is told. */
  const attempt = async (run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      const failure = failureIn(error);
      // A person who closes the dialog that asks where a file is to go has not met an error.
      if (failure.code !== 'interrupted') store.dispatch('noticed', { notice: failure });
    }
  };
  const warping = (resampling: WarpResampling) => {
    const { result } = store.state;
    const pair = openPair(store.state);
    const transform = result === null ? null : transformFromJson(result.registration);
    if (pair === null || result === null || transform === null) return null;
    const warp = { transform, resampling, items: metadataItems(result.registration) };
    return { warp, result, pair, name: registeredName(pair.sensed.source.name) };
  };
  return {
    saveImage: (resampling, watch) =>
      attempt(async () => {
        const asked = warping(resampling);
        if (asked === null) return;
        const target = await chooseTarget(asked.name);
        await saveTo(target, await tiles.call('warp', asked.warp, watch), asked.name);
      }),
    saveItem: (resampling, watch) =>
      attempt(async () => {
        const asked = warping(resampling);
        if (asked === null) return;
        const { warp, pair, name, result } = asked;
        const { registration, metres } = result;
        const sources = { reference: pair.reference.source, sensed: pair.sensed.source };
        const names = { image: name, solution: text.solutionFile, report: text.reportFile };
        const about = { registration, metres, sources, names, solution: solutionText(registration) };
        saveFile(json(await tiles.call('item', { warp, ...about }, watch)), `${name.replace(/\.[^.]+$/, '')}.json`);
      }),
    saveReport: () =>
      attempt(async () => {
        const { result } = store.state;
        if (result === null) return;
        const { registration, tiePoints, errorField, marks } = result;
        const page = await tiles.call('report', { result: { registration, tiePoints, errorField, marks } });
        saveFile(new Blob([page], { type: 'text/html' }), text.reportFile);
      }),
    savePoints: (name) =>
      attempt(async () => {
        const tiePoints = store.state.result?.tiePoints ?? [];
        saveFile(new Blob([await tiles.call('points', { name, tiePoints })]), name);
      }),
    savePicture: (picture, name) =>
      attempt(async () => saveFile(await tiles.call('png', { picture: picture.transferToImageBitmap() }), name)),
    saveSolution: () => {
      const { result } = store.state;
      if (result !== null) saveFile(json(solutionText(result.registration)), text.solutionFile);
    },
  };
}
