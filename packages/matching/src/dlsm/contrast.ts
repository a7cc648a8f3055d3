import type { Plane, Transform } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import type { Dlsm } from './compare.js';
import { dlsmPlaces } from './match-dlsm.js';
import { patchSide } from './patch.js';
import { compareAtShifts, type DlsmPlace, type Shift, type ShiftedComparisons, spreadOf } from './shifted-patches.js';

/** How much more alike two images are at a geometry than beside it. */
export interface DlsmContrast {
  /** Patches compared. */
  readonly places: number;
  /** Mean over the patches of log SM_det beside minus log SM_det at the geometry: above 0 they are more alike there. */
  readonly mean: number;
  /** The mean over its standard error: about standard normal where the geometry is arbitrary. */
  readonly significance: number;
}

/** Patches along the longer side, at most: without overlap, so that they err independently. */
const cellCount = 7;
/** How far beside the geometry the images are compared, px: patches there share half of their ground with those at it. */
const asideShifts = 16;
const directionCount = 8;
/** A geometry right to four px or so still has one of these within what training has shown. */
const around: readonly Shift[] = [
  [0, 0],
  [2, 0],
  [-2, 0],
  [0, 2],
  [0, -2],
];
/** Least valid share of a patch. */
const leastValid = 0.75;
/** Places beside the geometry that a patch needs. */
const fewestAside = 4;

const beside = Array.from({ length: directionCount }, (_, k): Shift => {
  const angle = (2 * Math.PI * (k + 0.5)) / directionCount;
  return [Math.round(asideShifts * Math.cos(angle)), Math.round(asideShifts * Math.sin(angle))];
});
const middles: readonly Shift[] = [[0, 0], ...beside];
const shifts = middles.flatMap(([x, y]) => around.map(([u, v]): Shift => [x + u, y + v]));

/**
 * Patches that are compared first, one of so many, and the significance of theirs below which the others are not: of a geometry that all
 * of 49 would speak for by 7, one of 5,000 is given up so; most of what is asked about is wrong, and seen to be from these.
 */
const firstLook = { oneOf: 3, hopeless: 0.5, fewest: 8 } as const;

/** What gains of patches, each as good as the next, say together; null of fewer than four. */
function contrastOfGains(gains: readonly number[]): DlsmContrast | null {
  const n = gains.length;
  if (n < 4) return null;
  const mean = gains.reduce((sum, v) => sum + v, 0) / n;
  const variance = gains.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return { places: n, mean, significance: mean / Math.sqrt(Math.max(variance, 1e-12) / n) };
}

/** Log SM_det beside each place less that at it; places of which too little is valid have none. */
function gainsOf({ logArea, valid }: ShiftedComparisons, places: number): number[] {
  /** Least log SM_det around the middle; null where a patch is not on valid ground. */
  const leastAround = (point: number, middle: number): number | null => {
    const from = point * shifts.length + middle * around.length;
    if (valid.subarray(from, from + around.length).some((share) => share < leastValid)) return null;
    return Math.min(...logArea.subarray(from, from + around.length));
  };
  return Array.from({ length: places }, (_, point) => {
    const here = leastAround(point, 0);
    const there = beside.flatMap((_direction, k) => leastAround(point, k + 1) ?? []);
    if (here === null || there.length < fewestAside) return [];
    return [there.reduce((sum, v) => sum + v, 0) / there.length - here];
  }).flat();
}

/**
 * Asks DLSM whether a geometry is right: patches of the right one are more alike than those of the same images some px aside. What
 * DLSM thinks of the images as such, their noise or their sensors, is in both and drops out.
 *
 * @returns null where fewer than four patches can be compared
 */
export async function contrastWithAside(
  engine: Engine,
  dlsm: Dlsm,
  reference: Plane,
  sensed: Plane,
  referenceToSensed: Transform,
  signal?: AbortSignal,
): Promise<DlsmContrast | null> {
  const cells = Math.min(cellCount, Math.floor(Math.max(reference.width, reference.height) / patchSide));
  const places = dlsmPlaces(reference, sensed, referenceToSensed, cells);
  const spread = [spreadOf(reference), spreadOf(sensed)] as const;
  const look = async (at: readonly DlsmPlace[]): Promise<readonly number[]> =>
    gainsOf(await compareAtShifts(engine, dlsm, at, shifts, spread, signal), at.length);
  const isFirst = (_place: DlsmPlace, i: number): boolean => i % firstLook.oneOf === 0;
  const gains = await look(places.filter(isFirst));
  const first = contrastOfGains(gains);
  if (first !== null && first.places >= firstLook.fewest && first.significance < firstLook.hopeless) return first;
  return contrastOfGains([...gains, ...(await look(places.filter((place, i) => !isFirst(place, i))))]);
}
