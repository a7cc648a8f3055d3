import { type Plane, type Transform, transformPoint } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { chooseWindows } from '../grid/windows.js';
import type { Comparisons, Dlsm } from './compare.js';
import { likeliestPlace, predictionAt, type ShiftPrediction } from './localise.js';
import { patchSide } from './patch.js';
import { compareAtShifts, type DlsmPlace, type PatchGround, type Shift, spreadOf } from './shifted-patches.js';

/** How DLSM looks around each expected place. */
export interface DlsmLook {
  /** How far from the expected place a match may lie, px in each direction. */
  readonly reach: number;
  /**
   * Deviation predicted of a match below which its neighbours are looked at too, px; 0.7 unless given. They make good matches a fifth
   * more exact, while where the images differ by more than that all comparisons err alike.
   */
  readonly exactBelow?: number;
}

/** Where and how DLSM looks. */
export interface DlsmGrid extends DlsmLook {
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

/** √SM_det of a prediction, px, of the right size. */
function deviationOf({ temperature }: Dlsm, logArea: number): number {
  return Math.exp(logArea / 2) * Math.sqrt(temperature);
}

/** Distance of the shifts of a coarse look, px: training has shown shifts up to 2.5 px to either side. */
const coarseSpacing = 4;

/** Shifts on a square grid around 0 that cover `reach` px to either side. */
function coarseShifts(reach: number): Shift[] {
  const side = Math.max(1, Math.ceil((2 * reach) / coarseSpacing));
  const at = (i: number): number => (i - (side - 1) / 2) * coarseSpacing;
  return Array.from({ length: side * side }, (_, i) => [at(i % side), at(Math.floor(i / side))]);
}

/** A place found this near to where it was expected is looked at where it was expected: patches stay on whole px. */
const nearEnough = 1;

const nextTo: readonly Shift[] = [
  [0, -1],
  [-1, 0],
  [1, 0],
  [0, 1],
];
const usualExactBelow = 0.7;

/** Predictions of `shifts` at one place of many, from where the place is `ahead` already. */
function predictionsAt(
  found: Comparisons,
  place: number,
  shifts: readonly Shift[],
  [aheadX, aheadY]: readonly [number, number],
): ShiftPrediction[] {
  return shifts.map(([u, v], k) => predictionAt(found, place * shifts.length + k, [aheadX + u, aheadY + v]));
}

/** Where a coarse look of so much reach says that a match is: the answer of the surest shift. */
function coarseAnswer(predictions: readonly ShiftPrediction[], reach: number): readonly [number, number] {
  const { shift, dx, dy } = predictions.reduce((a, b) => (b.logArea < a.logArea ? b : a));
  const within = (v: number): number => Math.max(-reach, Math.min(reach, v));
  const [x, y] = [within(shift[0] + dx), within(shift[1] + dy)];
  return Math.hypot(x, y) <= nearEnough ? [0, 0] : [x, y];
}

/**
 * Localises patches: compares the reference's patch with the sensed image's at shifts some px apart, then where the surest of these
 * says the match is, and of good matches beside it; and takes the place that these predictions, of good matches the near ones, together
 * make likeliest (Uss 2020, eq. 8).
 *
 * @param places - right to `reach` px in each direction
 * @param spread - the grey values' spread of the reference and the sensed image: patches much flatter hold nothing but rounding
 */
export async function localisePatches(
  engine: Engine,
  dlsm: Dlsm,
  places: readonly DlsmPlace[],
  spread: readonly [number, number],
  { reach, exactBelow = usualExactBelow }: DlsmLook,
  signal?: AbortSignal,
): Promise<DlsmMatches> {
  const look = (at: readonly DlsmPlace[], shifts: readonly Shift[]): Promise<Comparisons> =>
    compareAtShifts(engine, dlsm, at, shifts, spread, signal);
  const wide = coarseShifts(reach);
  const first = await look(places, wide);
  const predictions = places.map((_, i) => predictionsAt(first, i, wide, [0, 0]));
  const answers = predictions.map((all) => coarseAnswer(all, reach));
  const expected = places.map((place, i): DlsmPlace => {
    const [x, y] = place.ahead ?? [0, 0];
    return { ...place, ahead: [x + answers[i]![0], y + answers[i]![1]] };
  });
  const second = await look(expected, [[0, 0]]);
  for (const [i, all] of predictions.entries()) all.push(...predictionsAt(second, i, [[0, 0]], answers[i]!));
  const good = [...places.keys()].filter((i) => deviationOf(dlsm, second.logArea[i]!) < exactBelow);
  const third = await look(
    good.map((i) => expected[i]!),
    nextTo,
  );
  for (const [k, i] of good.entries()) {
    // What is sure of itself from afar may be sure of the wrong place, where those near by all agree.
    const near = predictions[i]!.slice(wide.length);
    predictions[i] = [...near, ...predictionsAt(third, k, nextTo, answers[i]!)];
  }
  const matches: DlsmMatches = {
    count: places.length,
    target: Float64Array.from(places.flatMap(({ x, y }) => [x, y])),
    source: new Float64Array(2 * places.length),
    covariance: new Float64Array(3 * places.length),
    deviation: new Float64Array(places.length),
  };
  for (const [i, { x, y, ahead = [0, 0], referenceToSensed }] of places.entries()) {
    const found = likeliestPlace(predictions[i]!);
    matches.source.set(transformPoint(referenceToSensed, x + ahead[0] + found.x, y + ahead[1] + found.y), 2 * i);
    matches.covariance.set(
      found.covariance.map((v) => v * dlsm.temperature),
      3 * i,
    );
    matches.deviation[i] = deviationOf(dlsm, found.logArea);
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
  { cells, ...how }: DlsmGrid,
  signal?: AbortSignal,
): Promise<DlsmMatches> {
  const places = dlsmPlaces(reference, sensed, referenceToSensed, cells);
  return localisePatches(engine, dlsm, places, [spreadOf(reference), spreadOf(sensed)], how, signal);
}
