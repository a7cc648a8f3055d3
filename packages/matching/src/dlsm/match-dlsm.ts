import { type Plane, type Transform, transformPoint } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { chooseWindows } from '../grid/windows.js';
import type { Dlsm } from './compare.js';
import { localiseByLikelihood, type ShiftField } from './localise.js';
import { patchSide } from './patch.js';
import { compareAtShifts, type DlsmPlace, type PatchGround, type Shift, spreadOf } from './shifted-patches.js';

/** Where DLSM looks around each expected place. */
export interface DlsmField {
  /** Shifts along each side of the field that is compared around the expected place, odd. */
  readonly side: number;
  /** Distance of neighbouring shifts, whole px. */
  readonly step: number;
  /**
   * How far from the expected place the match may lie, px in each direction; unless given, as far as the field goes. A coarse search
   * first finds where to lay the field.
   */
  readonly reach?: number;
}

/** Where and how densely DLSM looks. */
export interface DlsmGrid extends DlsmField {
  /** Patches along the longer side of the overlap, at most. */
  readonly cells: number;
}

/** Correspondences with the covariance that was predicted for each, flat as those of `matchGrid`. */
export interface DlsmMatches {
  readonly count: number;
  /** Patch centre, px of the reference, interleaved x, y. */
  readonly target: Float64Array;
  /** Its match, px of the sensed image, interleaved x, y. */
  readonly source: Float64Array;
  /** [xx, xy, yy] px² of the reference. */
  readonly covariance: Float64Array;
  /** √SM_det: the geometric mean of the predicted deviations, px; small means similar. */
  readonly deviation: Float64Array;
}

/** Shifts on a square grid around 0, row by row. */
function squareOf(side: number, step: number): Shift[] {
  const at = (i: number): number => (i - (side - 1) / 2) * step;
  return Array.from({ length: side * side }, (_, i) => [at(i % side), at(Math.floor(i / side))]);
}

/** Distance of the shifts of a coarse search, px: training has shown shifts up to 2.5 px to either side. */
const coarseSpacing = 4;

/** A place found this near to where it was expected is looked for where it was expected: the field holds it, and patches stay on whole px. */
const nearEnough = 1;

/** Looks within `reach` px of each place, and says where: the shift of least SM_det and what is predicted there. */
async function searchPlaces(
  engine: Engine,
  dlsm: Dlsm,
  places: readonly DlsmPlace[],
  reach: number,
  spread: readonly [number, number],
  signal?: AbortSignal,
): Promise<DlsmPlace[]> {
  const shifts = squareOf(Math.max(1, Math.ceil((2 * reach) / coarseSpacing)), coarseSpacing);
  const { dx, dy, logArea } = await compareAtShifts(engine, dlsm, places, shifts, spread, signal);
  const within = (v: number): number => Math.max(-reach, Math.min(reach, v));
  return places.map((place, point) => {
    let best = point * shifts.length;
    for (let i = best; i < (point + 1) * shifts.length; i++) if (logArea[i]! < logArea[best]!) best = i;
    const [u, v] = shifts[best % shifts.length]!;
    const [x, y] = [within(u + dx[best]!), within(v + dy[best]!)];
    if (Math.hypot(x, y) <= nearEnough) return place;
    const [aheadX, aheadY] = place.ahead ?? [0, 0];
    return { ...place, ahead: [aheadX + x, aheadY + y] };
  });
}

/**
 * Localises patches: compares the reference's patch with the sensed image's at a few shifts, and takes the place that all
 * predictions together make likeliest (Uss 2020, eq. 8).
 *
 * @param places - right to the field's half side, or to its `reach`
 * @param spread - the grey values' spread of the reference and the sensed image: patches much flatter hold nothing but rounding
 */
export async function localisePatches(
  engine: Engine,
  dlsm: Dlsm,
  places: readonly DlsmPlace[],
  spread: readonly [number, number],
  { side, step, reach }: DlsmField,
  signal?: AbortSignal,
): Promise<DlsmMatches> {
  const expected = reach === undefined ? places : await searchPlaces(engine, dlsm, places, reach, spread, signal);
  const found = await compareAtShifts(engine, dlsm, expected, squareOf(side, step), spread, signal);
  const points = places.length;
  const shifts = side * side;
  const matches: DlsmMatches = {
    count: points,
    target: Float64Array.from(places.flatMap(({ x, y }) => [x, y])),
    source: new Float64Array(2 * points),
    covariance: new Float64Array(3 * points),
    deviation: new Float64Array(points),
  };
  for (const [point, place] of expected.entries()) {
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
    const { referenceToSensed, ahead = [0, 0] } = place;
    const match = transformPoint(referenceToSensed, place.x + ahead[0] + x, place.y + ahead[1] + y);
    matches.source.set(match, 2 * point);
    matches.covariance.set(
      covariance.map((v) => v * dlsm.temperature),
      3 * point,
    );
    matches.deviation[point] = Math.exp(logArea / 2) * Math.sqrt(dlsm.temperature);
  }
  return matches;
}

/** Places on a grid, where both images show structure. */
export function dlsmPlaces(
  reference: Plane,
  sensed: Plane,
  referenceToSensed: Transform,
  cells: number,
): readonly DlsmPlace[] {
  const centres = chooseWindows(reference, sensed, referenceToSensed, { cells, size: patchSide, minValid: 0.75 });
  const whole = (plane: Plane): PatchGround => ({ plane, left: 0, top: 0 });
  return Array.from({ length: centres.length / 2 }, (_, i) => ({
    x: centres[2 * i]!,
    y: centres[2 * i + 1]!,
    reference: whole(reference),
    sensed: whole(sensed),
    referenceToSensed,
  }));
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
  { cells, ...field }: DlsmGrid,
  signal?: AbortSignal,
): Promise<DlsmMatches> {
  const places = dlsmPlaces(reference, sensed, referenceToSensed, cells);
  return localisePatches(engine, dlsm, places, [spreadOf(reference), spreadOf(sensed)], field, signal);
}
