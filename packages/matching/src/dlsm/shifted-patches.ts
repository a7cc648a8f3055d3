import { jacobianAt, type Plane, type Transform, transformPoint } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { comparePatches, type Comparisons, type Dlsm } from './compare.js';
import { cutPatch, normalisePatch, PATCH } from './patch.js';

const AREA = PATCH * PATCH;

/** Share of the image's spread below which a patch is not stretched further. */
const FLAT = 0.01;

/** An image, or the part of one that a patch is cut from. */
export interface PatchGround {
  readonly plane: Plane;
  /** Where the part begins, px of the image. */
  readonly left: number;
  readonly top: number;
}

/** Displacement, px of the reference. */
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
  /** Where the match is expected by that geometry; [0, 0] unless given. */
  readonly ahead?: Shift;
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

/**
 * Compares the reference's patch at each place with the sensed image's at shifts around the place. Sensed patches are cut through the
 * local affine map.
 *
 * @param shifts - px of the reference, the same at each place
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
  const template = new Float32Array(AREA);
  const valid = new Float32Array(places.length * shifts.length);
  let cut = -1;
  const found = await comparePatches(engine, dlsm, valid.length, (from, to, out) => {
    signal?.throwIfAborted();
    for (let i = from; i < to; i++) {
      const point = Math.floor(i / shifts.length);
      const { x, y, reference, sensed, referenceToSensed, ahead = [0, 0] } = places[point]!;
      if (point !== cut) {
        cutPatch(reference.plane, x - reference.left, y - reference.top, [1, 0, 0, 1], template, 0);
        normalisePatch(template, 0, FLAT * spread[0]);
        cut = point;
      }
      const at = (i - from) * 2 * AREA;
      out.set(template, at);
      const [dx, dy] = shifts[i % shifts.length]!;
      const [u, v] = [x + ahead[0] + dx, y + ahead[1] + dy];
      const [sx, sy] = transformPoint(referenceToSensed, u, v);
      const linear = jacobianAt(referenceToSensed, u, v);
      valid[i] = cutPatch(sensed.plane, sx - sensed.left, sy - sensed.top, linear, out, at + AREA) / AREA;
      normalisePatch(out, at + AREA, FLAT * spread[1]);
    }
  });
  return { ...found, valid };
}
