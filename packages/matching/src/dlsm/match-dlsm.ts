import { jacobianAt, type Plane, type Transform, transformPoint } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { chooseWindows } from '../grid/windows.js';
import { comparePatches, type Dlsm } from './compare.js';
import { localiseByLikelihood, type ShiftField } from './localise.js';
import { cutPatch, normalisePatch, PATCH } from './patch.js';

const AREA = PATCH * PATCH;

/** Where and how densely DLSM looks. */
export interface DlsmGrid {
  /** Patches along the longer side of the overlap, at most. */
  readonly cells: number;
  /** Shifts along each side of the field that is compared around the expected place, odd. */
  readonly side: number;
  /** Distance of neighbouring shifts, px. */
  readonly step: number;
}

/** Correspondences with the covariance that was predicted for each, flat as those of `matchGrid`. */
export interface DlsmMatches {
  readonly count: number;
  /** Patch centre, px of the reference, interleaved x, y. */
  readonly reference: Float64Array;
  /** Its match, px of the sensed image, interleaved x, y. */
  readonly sensed: Float64Array;
  /** [xx, xy, yy] px² of the reference. */
  readonly covariance: Float64Array;
  /** √SM_det: the geometric mean of the predicted deviations, px; small means similar. */
  readonly deviation: Float64Array;
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

/** Share of the image's spread below which a patch is not stretched further. */
const FLAT = 0.01;

/** An image, or the part of one that a patch is cut from. */
export interface PatchGround {
  readonly plane: Plane;
  /** Where the part begins, px of the image. */
  readonly left: number;
  readonly top: number;
}

/** A place that is looked for. */
export interface DlsmPlace {
  /** Patch centre, px of the reference. */
  readonly x: number;
  readonly y: number;
  readonly reference: PatchGround;
  readonly sensed: PatchGround;
  /** The geometry so far, good near the place. */
  readonly referenceToSensed: Transform;
}

/**
 * Localises patches at a geometry that is right to two pixels or so: compares the reference's patch with the sensed image's at a few
 * shifts, and takes the place that all predictions together make likeliest (Uss 2020, eq. 8). Sensed patches are cut through the
 * local affine map.
 *
 * @param spread - the grey values' spread of the reference and the sensed image: patches much flatter hold nothing but rounding
 */
export async function localisePatches(
  engine: Engine,
  dlsm: Dlsm,
  places: readonly DlsmPlace[],
  spread: readonly [number, number],
  field: Pick<DlsmGrid, 'side' | 'step'>,
  signal?: AbortSignal,
): Promise<DlsmMatches> {
  const points = places.length;
  const { side, step } = field;
  const shifts = side * side;
  const template = new Float32Array(AREA);
  const centres = Float64Array.from(places.flatMap(({ x, y }) => [x, y]));
  let cut = -1;
  const found = await comparePatches(engine, dlsm, points * shifts, (from, to, out) => {
    signal?.throwIfAborted();
    for (let i = from; i < to; i++) {
      const point = Math.floor(i / shifts);
      const shift = i % shifts;
      const { x, y, reference, sensed, referenceToSensed } = places[point]!;
      if (point !== cut) {
        cutPatch(reference.plane, x - reference.left, y - reference.top, [1, 0, 0, 1], template, 0);
        normalisePatch(template, 0, FLAT * spread[0]);
        cut = point;
      }
      const at = (i - from) * 2 * AREA;
      out.set(template, at);
      const u = x + ((shift % side) - (side - 1) / 2) * step;
      const v = y + (Math.floor(shift / side) - (side - 1) / 2) * step;
      const [sx, sy] = transformPoint(referenceToSensed, u, v);
      const linear = jacobianAt(referenceToSensed, u, v);
      cutPatch(sensed.plane, sx - sensed.left, sy - sensed.top, linear, out, at + AREA);
      normalisePatch(out, at + AREA, FLAT * spread[1]);
    }
  });
  const matches: DlsmMatches = {
    count: points,
    reference: centres,
    sensed: new Float64Array(2 * points),
    covariance: new Float64Array(3 * points),
    deviation: new Float64Array(points),
  };
  for (let point = 0; point < points; point++) {
    const part = (values: Float32Array): Float32Array => values.subarray(point * shifts, (point + 1) * shifts);
    const field: ShiftField = {
      side,
      step,
      dx: part(found.dx),
      dy: part(found.dy),
      sigmaX: part(found.sigmaX),
      sigmaY: part(found.sigmaY),
      rho: part(found.rho),
      logArea: part(found.logArea),
    };
    const { x, y, covariance, logArea } = localiseByLikelihood(field);
    const { referenceToSensed } = places[point]!;
    const place = transformPoint(referenceToSensed, centres[2 * point]! + x, centres[2 * point + 1]! + y);
    matches.sensed.set(place, 2 * point);
    matches.covariance.set(
      covariance.map((v) => v * dlsm.temperature),
      3 * point,
    );
    matches.deviation[point] = Math.exp(logArea / 2) * Math.sqrt(dlsm.temperature);
  }
  return matches;
}

/**
 * Localises patches on a grid, where there is structure; see {@link localisePatches}.
 *
 * @param referenceToSensed - the geometry so far
 */
export async function matchDlsm(
  engine: Engine,
  dlsm: Dlsm,
  reference: Plane,
  sensed: Plane,
  referenceToSensed: Transform,
  grid: DlsmGrid,
  signal?: AbortSignal,
): Promise<DlsmMatches> {
  const centres = chooseWindows(reference, sensed, referenceToSensed, {
    cells: grid.cells,
    size: PATCH,
    minValid: 0.75,
  });
  const whole = (plane: Plane): PatchGround => ({ plane, left: 0, top: 0 });
  const places = Array.from({ length: centres.length / 2 }, (_, i) => ({
    x: centres[2 * i]!,
    y: centres[2 * i + 1]!,
    reference: whole(reference),
    sensed: whole(sensed),
    referenceToSensed,
  }));
  return localisePatches(engine, dlsm, places, [spreadOf(reference), spreadOf(sensed)], grid, signal);
}
