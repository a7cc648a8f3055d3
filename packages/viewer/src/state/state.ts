import type { Transform, TransformModel } from '@tiepoint/geometry';
import { type Display, type Edits, noEdits, type RegisterMethod } from 'tiepoint';
import type { ShownResult } from '../worker/engine-worker.js';
import type { ImageInfo } from '../worker/image-info.js';
import type { ImageSource } from '../worker/image-source.js';
import type { Failure } from '../worker/protocol.js';
import type { Role } from '../worker/tiles-worker.js';
import { type History, historyOf } from './history.js';

/** One of both images, on its way to be open. */
export type ImageState =
  | { readonly status: 'none' }
  | { readonly status: 'opening'; readonly source: ImageSource }
  | { readonly status: 'failed'; readonly source: ImageSource; readonly failure: Failure }
  | { readonly status: 'open'; readonly source: ImageSource; readonly info: ImageInfo; readonly display: Display };

/** One that is open. */
export type OpenedImage = Extract<ImageState, { status: 'open' }>;

/** How the images are to be registered; the defaults are the command line's. */
export interface Choice {
  readonly method: RegisterMethod;
  readonly model: TransformModel | 'auto';
  /** px of the reference. */
  readonly searchRadius: number;
  readonly georeference: boolean;
  /** Bands that are matched, from 1; null leaves it to the images. */
  readonly band: number | null;
  readonly referenceBand: number | null;
}

/** The work on hand. */
type Run =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly progress: string; readonly since: number }
  | { readonly status: 'failed'; readonly failure: Failure };

/** How both images are laid on each other. */
export type Comparison = 'swipe' | 'blend' | 'flicker' | 'difference' | 'checkerboard' | 'side-by-side';

/** What the map shows. */
export interface Look {
  readonly comparison: Comparison;
  /** Where the swipe stands, or how much of the sensed image the blend has, 0 to 1. */
  readonly swipe: number;
  readonly blend: number;
  /** Times each image is shown a second. */
  readonly flicker: number;
  /** Side of a square of the checkerboard, px of the screen. */
  readonly square: number;
  /** As registered, or as the files place the sensed image. */
  readonly placed: 'after' | 'before';
  readonly points: boolean;
  readonly errorMap: boolean;
  readonly loupe: boolean;
  /** How many times larger than they are error ellipses are drawn. */
  readonly exaggeration: number;
}

/** What a click on the map does. */
export type Tool = 'look' | 'add' | 'move' | 'mask';

/** Columns of the table that it can be sorted by. */
export type PointColumn = 'number' | 'residual' | 'error' | 'score' | 'kind';
/** Which tie points the table and the map show. */
export type PointFilter = 'all' | 'agreeing' | 'disagreeing' | 'off' | 'hand';

/** Tie points as they are looked at; each by its index in the result. */
export interface PointsLook {
  readonly selected: number | null;
  readonly hovered: number | null;
  readonly sort: PointColumn;
  readonly descending: boolean;
  readonly filter: PointFilter;
  /** Least residual that is listed, px. */
  readonly least: number;
}

/** A tie point being set: where it was clicked in the reference, px. */
export interface Pending {
  readonly reference: readonly [number, number];
  /** Its index, of one that is being moved. */
  readonly replaces: number | null;
}

/** Everything the page shows; nothing in it is anything but data. */
export interface ViewerState {
  readonly images: Readonly<Record<Role, ImageState>>;
  readonly choice: Choice;
  readonly run: Run;
  /** The registration as it was found or read; null before. */
  readonly found: ShownResult | null;
  /** The same after the edits. */
  readonly result: ShownResult | null;
  readonly edits: History<Edits>;
  /** Whether the result is behind the edits. */
  readonly refitting: boolean;
  /** Where the files alone place the sensed image. */
  readonly placement: { readonly transform: Transform; readonly by: 'georeference' | 'pixel' } | null;
  readonly look: Look;
  readonly tool: Tool;
  readonly pending: Pending | null;
  /** Standard deviation given to points that could not be snapped, px of the reference. */
  readonly handSd: number;
  readonly points: PointsLook;
  /** What a person is told that is not the result of a run. */
  readonly notice: Failure | null;
  readonly helpOpen: boolean;
}

/** The choices of the command line. */
export const usualChoice: Choice = {
  method: 'auto',
  model: 'auto',
  searchRadius: 40,
  georeference: true,
  band: null,
  referenceBand: null,
};

/** An empty page. */
export const initialState: ViewerState = {
  images: { reference: { status: 'none' }, sensed: { status: 'none' } },
  choice: usualChoice,
  run: { status: 'idle' },
  found: null,
  result: null,
  edits: historyOf(noEdits),
  refitting: false,
  placement: null,
  look: {
    comparison: 'swipe',
    swipe: 0.5,
    blend: 0.5,
    flicker: 1.5,
    square: 96,
    placed: 'after',
    points: true,
    errorMap: false,
    loupe: false,
    exaggeration: 5,
  },
  tool: 'look',
  pending: null,
  handSd: 1,
  points: { selected: null, hovered: null, sort: 'number', descending: false, filter: 'all', least: 0 },
  notice: null,
  helpOpen: false,
};

/** Both images where both are open. */
export function openPair({ images }: ViewerState): {
  readonly reference: OpenedImage;
  readonly sensed: OpenedImage;
} | null {
  const { reference, sensed } = images;
  return reference.status === 'open' && sensed.status === 'open' ? { reference, sensed } : null;
}
