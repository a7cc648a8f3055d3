import type { Transform } from '@tiepoint/geometry';
import { type DisplayChoice, type Edits, parseSolution, transformFromJson } from 'tiepoint';
import type { ViewerStore } from '../state/viewer-store.js';
import type { Client } from '../worker/client.js';
import type { EngineHandlers, Pair } from '../worker/engine-worker.js';
import type { ImageSource } from '../worker/image-source.js';
import type { Failure } from '../worker/protocol.js';
import type { Role, TilesHandlers } from '../worker/tiles-worker.js';
import { createExports, type Exports } from './exports.js';
import { failureIn } from './failure-in.js';
import { createOpenDocuments, type OpenDocuments } from './open-documents.js';
import { shownOfSolution } from './stored-solution.js';
import { openPair, type ViewerState } from '../state/state.js';
import { words } from '../words.js';

/** The workers behind the page. */
export interface Workers {
  readonly tiles: Client<TilesHandlers>;
  readonly engine: Client<EngineHandlers>;
}

/** What the page can do that takes time. */
export interface Actions extends Exports, OpenDocuments {
  readonly open: (role: Role, source: ImageSource) => Promise<void>;
  readonly openSolution: (text: string, name: string) => void;
  /** Shows an image otherwise: what is left out stays as it was, and black and white follow. */
  readonly show: (role: Role, choice: DisplayChoice) => Promise<void>;
  readonly register: (fromHand?: boolean) => Promise<void>;
  readonly cancel: () => void;
  /** Sets a tie point by hand where both images were clicked, px of each; snaps it where the images say where it belongs. */
  readonly setPoint: (reference: readonly [number, number], sensed: readonly [number, number]) => Promise<void>;
  readonly workers: Workers;
}

/** The transform the sensed image is shown by. */
export function shownTransform({ result, placement, look }: ViewerState): Transform | null {
  const fitted = result === null ? null : transformFromJson(result.registration);
  return look.placed === 'after' && fitted !== null ? fitted : (placement?.transform ?? fitted);
}

function pairOf(store: ViewerStore): Pair | null {
  const pair = openPair(store.state);
  return pair && { reference: pair.reference.source, sensed: pair.sensed.source };
}

/** Lets the fit follow the edits; those that come while it runs are fitted next. */
function followEdits(store: ViewerStore, { engine }: Workers): void {
  let running = false;
  const follow = async (): Promise<void> => {
    if (running) return;
    running = true;
    try {
      for (let fitted: Edits | null = null; fitted !== store.state.edits.present && store.state.refitting;) {
        const edits: Edits = store.state.edits.present;
        fitted = edits;
        store.dispatch('refitted', { result: await engine.call('refit', { edits }), edits });
      }
    } catch (error) {
      store.dispatch('noticed', { notice: failureIn(error) });
    } finally {
      running = false;
    }
  };
  store.subscribe((state) => {
    if (state.refitting) void follow();
  });
}

/** What the page does with its workers. */
export function createActions(store: ViewerStore, workers: Workers): Actions {
  const { tiles, engine } = workers;
  const notice = (failure: Failure | null): void => store.dispatch('noticed', { notice: failure });
  followEdits(store, workers);

  const open: Actions['open'] = async (role, source) => {
    store.dispatch('imageOpening', { role, source });
    const isCurrent = (): boolean => {
      const image = store.state.images[role];
      return image.status !== 'none' && image.source === source;
    };
    try {
      const info = await tiles.call('open', { role, source });
      if (!isCurrent()) return;
      store.dispatch('imageOpened', { role, info });
      if (openPair(store.state) !== null) {
        const placement = await tiles.call('placement', undefined);
        if (isCurrent()) store.dispatch('placed', { placement });
      }
    } catch (error) {
      if (isCurrent()) store.dispatch('imageFailed', { role, failure: failureIn(error) });
    }
  };

  const openSolution: Actions['openSolution'] = (text, name) => {
    try {
      parseSolution(text, name);
      store.dispatch('found', { result: shownOfSolution(text) });
    } catch (error) {
      notice(failureIn(error));
    }
  };

  const register: Actions['register'] = async (fromHand = false) => {
    const pair = pairOf(store);
    if (pair === null || store.state.run.status === 'running') return;
    const { choice, edits } = store.state;
    const points = edits.present.added;
    const byHand = fromHand && points.length > 0 ? { tiePoints: { points, source: 'set by hand in the viewer' } } : {};
    store.dispatch('runStarted', { at: performance.now() });
    try {
      const onProgress = (progress: string): void => store.dispatch('runProgressed', { progress });
      const bands = { band: choice.band ?? undefined, referenceBand: choice.referenceBand ?? undefined };
      const asked = { ...choice, ...bands, ...byHand };
      const result = await engine.call('register', { pair, choice: asked }, { onProgress });
      store.dispatch('found', { result });
    } catch (error) {
      const failure = failureIn(error);
      if (failure.code === 'interrupted') store.dispatch('runCancelled', {});
      else store.dispatch('runFailed', { failure });
    }
  };

  let showing: Promise<void> = Promise.resolve();
  return {
    ...createExports(store, tiles),
    ...createOpenDocuments(store, tiles, { open, openSolution }),
    workers,
    open,
    openSolution,
    register,
    // The engine computes without a pause in which it could hear of it.
    cancel: () => engine.stop(),
    show: (role, choice) => {
      // One after another: each starts from what the one before came to.
      showing = showing.then(async () => {
        const image = store.state.images[role];
        if (image.status !== 'open') return;
        const { bands, stretch, sar } = image.display;
        // What was chosen stays, except that other bands may be on another scale.
        const before = { bands, stretch: stretch ?? 'middle', ...(choice.bands === undefined ? { sar } : {}) };
        try {
          const display = await tiles.call('display', { role, choice: { ...before, ...choice } });
          store.dispatch('displayChosen', { role, display });
        } catch (error) {
          notice(failureIn(error));
        }
      });
      return showing;
    },
    setPoint: async (reference, sensed) => {
      const pair = pairOf(store);
      const transform = shownTransform(store.state);
      if (pair === null || transform === null) return;
      const { pending, handSd } = store.state;
      const replaces = pending?.replaces ?? null;
      try {
        const snapped = await engine.call('snap', { pair, reference, sensed, transform });
        const covariance = [handSd ** 2, 0, handSd ** 2] as const;
        const point = snapped ?? ({ reference, sensed, covariance, by: 'hand' } as const);
        store.dispatch('pointSet', { point, replaces });
        store.dispatch('toolTaken', { tool: store.state.tool === 'move' ? 'look' : store.state.tool });
        const sd = Math.sqrt((point.covariance[0] + point.covariance[2]) / 2);
        const message = snapped === null ? words.mend.notSnapped : words.mend.snapped(sd);
        notice({ code: 'done', message, hint: '' });
      } catch (error) {
        notice(failureIn(error));
      }
    },
  };
}
