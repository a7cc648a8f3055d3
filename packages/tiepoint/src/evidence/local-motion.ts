import { inverseTransformPoint, type MatrixTransform, mean, median, type Transform } from '@tiepoint/geometry';
import type { JointMatch } from './joint-match.js';

/** A part of the ground that moved otherwise than the transform says. */
export interface LocalMotion {
  /** Middle of the part, px of the reference. */
  readonly x: number;
  readonly y: number;
  /** Where the sensed image fits there instead, against the transform, px of the reference. */
  readonly dx: number;
  readonly dy: number;
  /** Share of the windows that are compared. */
  readonly share: number;
  /** By how many deviations of the scores the part fits better there than where the transform puts it. */
  readonly significance: number;
}

type Shift = readonly [dx: number, dy: number];

/** How far other motions are looked for, px of the map, and from where on a peak is another than the transform's. */
const reach = { from: 3, to: 16 };
/** Within so many px of the map the peak is the transform's own. */
const own = 1.5;
/** Windows of a part, at least: one or two alone are often wrong. */
const fewest = 4;
/** Deviations by which a part's peak stands out from its scores, at least: else nothing is seen there. */
const outstanding = 2.8;

/** Mean correlation of a part's windows at all shifts, those of the transform's bend taken off; as the windows' maps. */
function partScores(
  { scores: { side, maps }, step }: JointMatch,
  part: readonly number[],
  bend: Float64Array,
): Float64Array {
  const mean = new Float64Array(side * side);
  for (const i of part) {
    const [bx, by] = [Math.round(bend[2 * i]! / step), Math.round(bend[2 * i + 1]! / step)];
    for (let k = 0; k < mean.length; k++) {
      const x = Math.min(side - 1, Math.max(0, (k % side) + bx));
      const y = Math.min(side - 1, Math.max(0, Math.floor(k / side) + by));
      mean[k]! += maps[(i * side + y) * side + x]! / part.length;
    }
  }
  return mean;
}

/** Where a part fits best beside the transform's own place, and how well it fits at either. */
function peaksOf(
  scores: Float64Array,
  side: number,
): { here: number; there: number; at: Shift; deviation: number; level: number } {
  const radius = (side - 1) / 2;
  let [here, there] = [-Infinity, -Infinity];
  let at: Shift = [0, 0];
  const beyond: number[] = [];
  for (const [k, score] of scores.entries()) {
    const [dx, dy] = [(k % side) - radius, Math.floor(k / side) - radius];
    const far = Math.hypot(dx, dy);
    if (far <= own) here = Math.max(here, score);
    if (far >= reach.to) beyond.push(score);
    else if (far >= reach.from && score > there) [there, at] = [score, [dx, dy]];
  }
  const level = mean(beyond);
  const deviation = Math.sqrt(mean(beyond.map((score) => (score - level) ** 2)));
  return { here, there, at, level, deviation };
}

function motionOf(joint: JointMatch, part: readonly number[], bend: Float64Array): LocalMotion | null {
  const { centres, side } = joint.scores;
  const { here, there, at, level, deviation } = peaksOf(partScores(joint, part, bend), side);
  if (!(deviation > 0) || there - level < outstanding * deviation) return null;
  const middle = (axis: 0 | 1): number => mean(part.map((i) => centres[2 * i + axis]!));
  return {
    x: middle(0),
    y: middle(1),
    dx: at[0] * joint.step,
    dy: at[1] * joint.step,
    share: (2 * part.length) / centres.length,
    significance: (there - here) / deviation,
  };
}

/** Halves and quarters of the windows, by where they lie. */
function partsOf(centres: Float64Array): readonly (readonly number[])[] {
  const indices = Array.from({ length: centres.length / 2 }, (_, i) => i);
  const middle = (axis: 0 | 1): number => median(indices.map((i) => centres[2 * i + axis]!));
  const [mx, my] = [middle(0), middle(1)];
  const right = (i: number): boolean => centres[2 * i]! > mx;
  const low = (i: number): boolean => centres[2 * i + 1]! > my;
  const both = [true, false];
  return [
    ...both.map((is) => indices.filter((i) => right(i) === is)),
    ...both.map((is) => indices.filter((i) => low(i) === is)),
    ...both.flatMap((a) => both.map((b) => indices.filter((i) => right(i) === a && low(i) === b))),
  ].filter((part) => part.length >= fewest);
}

/**
 * The part of the ground that fits most clearly better elsewhere than where the transform puts it: two strips, tall relief, or
 * something that moved. All windows that agree may agree with one half.
 *
 * @param sensedToReference - the transform; its bend against `referenceToSensed`, which the windows were compared under, is allowed for
 * @returns px of the reference plane; null where no part stands out elsewhere
 */
export function localMotion(
  joint: JointMatch,
  referenceToSensed: MatrixTransform,
  sensedToReference: Transform,
): LocalMotion | null {
  const { centres } = joint.scores;
  const bend = new Float64Array(centres.length);
  for (let i = 0; i < centres.length / 2; i++) {
    // Where the transform has the window's middle come from, and where on the windows' grid that lies.
    const from = inverseTransformPoint(sensedToReference, centres[2 * i]!, centres[2 * i + 1]!);
    const to = from && inverseTransformPoint(referenceToSensed, from[0], from[1]);
    if (to) bend.set([to[0] - centres[2 * i]!, to[1] - centres[2 * i + 1]!], 2 * i);
  }
  return partsOf(centres)
    .map((part) => motionOf(joint, part, bend))
    .reduce<LocalMotion | null>((a, b) => (b !== null && b.significance > (a?.significance ?? 0) ? b : a), null);
}
