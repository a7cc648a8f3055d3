import type { TransformModel } from '@tiepoint/geometry';
import { type Display, type Edits, type HandTiePoint, noEdits, type Ring } from 'tiepoint';
import type { ShownResult } from '../worker/engine-worker.js';
import type { ImageInfo } from '../worker/image-info.js';
import type { ImageSource } from '../worker/image-source.js';
import type { Failure } from '../worker/protocol.js';
import type { Role } from '../worker/tiles-worker.js';
import { change, historyOf, redo, undo } from './history.js';
import type { Choice, ImageState, Look, Pending, PointColumn, PointsLook, Tool, ViewerState } from './state.js';

type State = ViewerState;

/** Without what belonged to the images before. */
function withoutResult(state: State): State {
  const points = { ...state.points, selected: null, hovered: null };
  return {
    ...state,
    run: { status: 'idle' },
    found: null,
    result: null,
    edits: historyOf(noEdits),
    refitting: false,
    placement: null,
    tool: 'look',
    pending: null,
    points,
  };
}

/** Without the band that was chosen of the image before. */
function withoutBand(state: State, role: Role): State {
  return { ...state, choice: { ...state.choice, [role === 'sensed' ? 'band' : 'referenceBand']: null } };
}

function withImage(state: State, role: Role, image: ImageState): State {
  return { ...state, images: { ...state.images, [role]: image } };
}

/** A state with other edits, which the result does not follow yet. */
function edited(state: State, edits: Partial<Edits>): State {
  if (state.found === null || !state.found.mendable) return state;
  const next = change(state.edits, { ...state.edits.present, ...edits });
  return { ...state, edits: next, refitting: true, pending: null };
}

/** How many of the result's tie points were there before any were added by hand. */
export function foundCount({ found }: State): number {
  return found?.tiePoints.length ?? 0;
}

function toggled(off: readonly number[], indices: readonly number[]): readonly number[] {
  const named = new Set(indices);
  // Of several, all are switched off unless they are off already.
  const allOff = indices.every((index) => off.includes(index));
  const others = off.filter((index) => !named.has(index));
  return allOff ? others : [...others, ...indices].toSorted((a, b) => a - b);
}

/** What may happen, and what becomes of the state then. */
export const reducers = {
  imageOpening: (state: State, { role, source }: { role: Role; source: ImageSource }): State =>
    withImage(withoutResult(withoutBand(state, role)), role, { status: 'opening', source }),

  imageOpened: (state: State, { role, info }: { role: Role; info: ImageInfo }): State => {
    const image = state.images[role];
    if (image.status === 'none') return state;
    return withImage(state, role, { status: 'open', source: image.source, info, display: info.display });
  },

  imageFailed: (state: State, { role, failure }: { role: Role; failure: Failure }): State => {
    const image = state.images[role];
    if (image.status === 'none') return state;
    return withImage(state, role, { status: 'failed', source: image.source, failure });
  },

  imageClosed: (state: State, { role }: { role: Role }): State =>
    withImage(withoutResult(withoutBand(state, role)), role, { status: 'none' }),

  displayChosen: (state: State, { role, display }: { role: Role; display: Display }): State => {
    const image = state.images[role];
    return image.status === 'open' ? withImage(state, role, { ...image, display }) : state;
  },

  placed: (state: State, { placement }: { placement: State['placement'] }): State => ({ ...state, placement }),

  choiceMade: (state: State, choice: Partial<Choice>): State => ({ ...state, choice: { ...state.choice, ...choice } }),

  runStarted: (state: State, { at }: { at: number }): State => ({
    ...withoutResult(state),
    placement: state.placement,
    run: { status: 'running', progress: '', since: at },
  }),

  runProgressed: (state: State, { progress }: { progress: string }): State =>
    state.run.status === 'running' ? { ...state, run: { ...state.run, progress } } : state,

  runCancelled: (state: State): State =>
    state.run.status === 'running' ? { ...state, run: { status: 'idle' } } : state,

  runFailed: (state: State, { failure }: { failure: Failure }): State =>
    state.run.status === 'running' ? { ...state, run: { status: 'failed', failure } } : state,

  /** A registration was made, or read from a file. */
  found: (state: State, { result }: { result: ShownResult }): State => ({
    ...state,
    run: { status: 'idle' },
    found: result,
    result,
    edits: historyOf(noEdits),
    refitting: false,
    look: { ...state.look, placed: result.registration.verdict === 'refuse' ? 'before' : 'after' },
  }),

  /** The fit has followed edits; those made meanwhile it does not know. */
  refitted: (state: State, { result, edits }: { result: ShownResult; edits: Edits }): State =>
    edits === state.edits.present ? { ...state, result, refitting: false } : state,

  pointsToggled: (state: State, { indices }: { indices: readonly number[] }): State => {
    const count = foundCount(state);
    const own = indices.filter((index) => index < count);
    // What was set by hand is not switched off but taken away.
    const gone = new Set(indices.filter((index) => index >= count).map((index) => index - count));
    const { off, added } = state.edits.present;
    const next = edited(state, {
      ...(own.length > 0 ? { off: toggled(off, own) } : {}),
      ...(gone.size > 0 ? { added: added.filter((_, i) => !gone.has(i)) } : {}),
    });
    return gone.size > 0 ? { ...next, points: { ...next.points, selected: null, hovered: null } } : next;
  },

  /** A tie point was set by hand; one that is moved is switched off, or taken away if it was set by hand itself. */
  pointSet: (state: State, { point, replaces }: { point: HandTiePoint; replaces: number | null }): State => {
    const count = foundCount(state);
    const { off, added } = state.edits.present;
    const kept = replaces === null ? added : added.filter((_, i) => i !== replaces - count);
    const without = replaces === null || replaces >= count || off.includes(replaces) ? off : [...off, replaces];
    const next = edited(state, { off: without, added: [...kept, point] });
    return { ...next, points: { ...next.points, selected: count + kept.length } };
  },

  groundExcluded: (state: State, { ring }: { ring: Ring }): State => ({
    ...edited(state, { excluded: [...state.edits.present.excluded, ring] }),
    tool: 'look',
  }),

  groundRestored: (state: State): State => edited(state, { excluded: [] }),

  modelFixed: (state: State, { model }: { model: TransformModel | 'auto' | undefined }): State =>
    edited(state, { model }),

  editsReset: (state: State): State => edited(state, { ...noEdits, model: undefined }),

  undone: (state: State): State =>
    state.edits.past.length === 0 ? state : { ...state, edits: undo(state.edits), refitting: true, pending: null },

  redone: (state: State): State =>
    state.edits.future.length === 0 ? state : { ...state, edits: redo(state.edits), refitting: true, pending: null },

  looked: (state: State, look: Partial<Look>): State => ({ ...state, look: { ...state.look, ...look } }),

  toolTaken: (state: State, { tool }: { tool: Tool }): State => ({ ...state, tool, pending: null }),

  pendingSet: (state: State, { pending }: { pending: Pending | null }): State => ({ ...state, pending }),

  handSdChosen: (state: State, { sd }: { sd: number }): State =>
    sd > 0 && sd < 1000 ? { ...state, handSd: sd } : state,

  pointsLooked: (state: State, points: Partial<PointsLook>): State => {
    const same = Object.entries(points).every(([key, value]) => state.points[key as keyof PointsLook] === value);
    return same ? state : { ...state, points: { ...state.points, ...points } };
  },

  /** The table is sorted by a column; a second time the other way round. */
  sorted: (state: State, { column }: { column: PointColumn }): State => {
    const { sort, descending } = state.points;
    // The largest residual is looked for more often than the smallest.
    const first = column !== 'number' && column !== 'kind';
    const points = { ...state.points, sort: column, descending: sort === column ? !descending : first };
    return { ...state, points };
  },

  noticed: (state: State, { notice }: { notice: Failure | null }): State => ({ ...state, notice }),

  helpToggled: (state: State, { open }: { open: boolean }): State => ({ ...state, helpOpen: open }),
};
