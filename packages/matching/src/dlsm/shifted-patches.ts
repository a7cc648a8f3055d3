import { jacobianAt, type Plane, type Transform, transformPoint } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { comparePatches, type Comparisons, type Dlsm } from './compare.js';
import { cutPatch, normalisePatch, patchSide } from './patch.js';

const patchArea = patchSide * patchSide;

/** Share of the image's spread below which a patch is not stretched further. */
const flatShare = 0.01;

/** An image, or the part of one that a patch is cut from. */
export interface PatchGround {
  readonly plane: Plane;
  /** Where the part begins, px of the image. */
  readonly left: number;
  readonly top: number;
}

/** Displacement, whole px of the reference. */
export type Shift = readonly [x: number, y: number];

/** A place that is looked for. */
export interface DlsmPlace {
  /** Patch centre, px of the reference. */
  readonly x: number;
  readonly y: number;
  readonly reference: PatchGround;
  readonly sensed: PatchGround;
  /** The geometry so far, good near the place. */
  readonly referenceToSensed: Transform;
  /** Where the match is expected by that geometry, px of the reference; [0, 0] unless given. */
  readonly ahead?: readonly [x: number, y: number];
}

/** The grey values' typical spread: patches much flatter than this hold nothing but rounding. */
export function spreadOf({ data, mask }: Plane): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let i = 0; i < data.length; i += 7) {
    if (mask?.[i] === 0) continue;
    sum += data[i]!;
    squares += data[i]! ** 2;
    count++;
  }
  const mean = sum / Math.max(count, 1);
  return Math.sqrt(Math.max(squares / Math.max(count, 1) - mean * mean, 0));
}

/** Comparisons of each place's patch with the sensed image's at each shift: entry `place · shifts + shift`. */
export interface ShiftedComparisons extends Comparisons {
  /** Share of the sensed patch that is valid. */
  readonly valid: Float32Array;
}

/** The part of the sensed image that holds the patches at all shifts of a place, on the reference's grid. */
interface Canvas {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly data: Float32Array;
}

function canvasFor(shifts: readonly Shift[]): Canvas {
  const [xs, ys] = [shifts.map(([x]) => x), shifts.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const columns = patchSide + Math.max(...xs) - left;
  const rows = patchSide + Math.max(...ys) - top;
  return { left, top, columns, rows, data: new Float32Array(columns * rows) };
}

/** Cuts what surrounds a place in the sensed image, through the affine map that the geometry is there. */
function fillCanvas({ left, top, columns, rows, data }: Canvas, place: DlsmPlace): void {
  const { x, y, sensed, referenceToSensed, ahead = [0, 0] } = place;
  const [u, v] = [x + ahead[0], y + ahead[1]];
  const linear = jacobianAt(referenceToSensed, u, v);
  const [sx, sy] = transformPoint(referenceToSensed, u, v);
  const [dx, dy] = [left + (columns - patchSide) / 2, top + (rows - patchSide) / 2];
  const [mx, my] = [sx + linear[0] * dx + linear[1] * dy, sy + linear[2] * dx + linear[3] * dy];
  cutPatch(sensed.plane, mx - sensed.left, my - sensed.top, linear, data, 0, columns, rows);
}

/** Copies the patch at a shift; returns the share of it that is valid. */
function copyPatch({ left, top, columns, data }: Canvas, [x, y]: Shift, out: Float32Array, offset: number): number {
  let valid = 0;
  for (let row = 0; row < patchSide; row++) {
    const from = (y - top + row) * columns + x - left;
    const to = offset + row * patchSide;
    for (let column = 0; column < patchSide; column++) {
      const value = data[from + column]!;
      out[to + column] = value;
      if (!Number.isNaN(value)) valid++;
    }
  }
  return valid / patchArea;
}

/**
 * Compares the reference's patch at each place with the sensed image's at shifts around the place. Patches of neighbouring shifts share
 * most of their ground, which is cut once.
 *
 * @param shifts - the same at each place
 * @param spread - the grey values' spread of the reference and the sensed image: patches much flatter hold nothing but rounding
 */
export async function compareAtShifts(
  engine: Engine,
  dlsm: Dlsm,
  places: readonly DlsmPlace[],
  shifts: readonly Shift[],
  spread: readonly [number, number],
  signal?: AbortSignal,
): Promise<ShiftedComparisons> {
  const template = new Float32Array(patchArea);
  const canvas = canvasFor(shifts);
  const valid = new Float32Array(places.length * shifts.length);
  let cut = -1;
  const found = await comparePatches(engine, dlsm, valid.length, (from, to, out) => {
    signal?.throwIfAborted();
    for (let i = from; i < to; i++) {
      const point = Math.floor(i / shifts.length);
      if (point !== cut) {
        const { x, y, reference } = places[point]!;
        cutPatch(reference.plane, x - reference.left, y - reference.top, [1, 0, 0, 1], template, 0);
        normalisePatch(template, 0, flatShare * spread[0]);
        fillCanvas(canvas, places[point]!);
        cut = point;
      }
      const at = (i - from) * 2 * patchArea;
      out.set(template, at);
      valid[i] = copyPatch(canvas, shifts[i % shifts.length]!, out, at + patchArea);
      normalisePatch(out, at + patchArea, flatShare * spread[1]);
    }
  });
  return { ...found, valid };
}
