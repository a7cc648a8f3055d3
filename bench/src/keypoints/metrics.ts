import { invertTransform, type MatrixTransform, transformPoint } from '@tiepoint/geometry';

/** The metrics of Li, Han and Ye 2022, §4.2. Points are x, y, x, y, … in px, corner convention. */

/** Which part of an image counts. */
export interface Ground {
  readonly width: number;
  readonly height: number;
  /** 1 = valid; absent when all is. */
  readonly mask?: Uint8Array;
}

/** Two images and how they truly lie to each other. */
export interface Truth {
  readonly reference: Ground;
  readonly sensed: Ground;
  readonly sensedToReference: MatrixTransform;
}

/** Matched points: number i of one belongs to number i of the other. */
export interface MatchedPoints {
  readonly reference: Float64Array;
  readonly sensed: Float64Array;
}

/** For each reference keypoint the nearest sensed one by description. */
export interface NearestNeighbours {
  readonly reference: Float64Array;
  readonly sensed: Float64Array;
  /** Index of the sensed keypoint, −1 for none. */
  readonly partner: Int32Array;
  /** How sure: larger is surer. Only the order matters. */
  readonly score: Float32Array;
}

/** Whether a point lies on the valid ground of an image. */
export function inside({ width, height, mask }: Ground, x: number, y: number): boolean {
  if (!(x >= 0 && y >= 0 && x < width && y < height)) return false;
  return mask === undefined || mask[Math.floor(y) * width + Math.floor(x)] === 1;
}

function mapped(transform: MatrixTransform, points: Float64Array): Float64Array {
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) out.set(transformPoint(transform, points[i]!, points[i + 1]!), i);
  return out;
}

function referenceToSensed(truth: Truth): MatrixTransform {
  const inverse = invertTransform(truth.sensedToReference);
  if (inverse === null) throw new RangeError('the true transform has no inverse');
  return inverse;
}

/** Distance from a point to the nearest of some. */
function distanceTo(points: Float64Array, x: number, y: number): number {
  let least = Infinity;
  for (let i = 0; i < points.length; i += 2) least = Math.min(least, (points[i]! - x) ** 2 + (points[i + 1]! - y) ** 2);
  return Math.sqrt(least);
}

/** Keypoints whose place lies in the other image too, and those of them that have a keypoint of the other within `px`. */
function repeated(
  points: Float64Array,
  toOther: MatrixTransform,
  other: Float64Array,
  ground: Ground,
  px: number,
): { n: number; N: number } {
  const there = mapped(toOther, points);
  let [n, N] = [0, 0];
  for (let i = 0; i < there.length; i += 2) {
    const [x, y] = [there[i]!, there[i + 1]!];
    if (!inside(ground, x, y)) continue;
    N++;
    if (distanceTo(other, x, y) <= px) n++;
  }
  return { n, N };
}

/**
 * Repeatability n / N: of the keypoints of both images on ground that both show, the share with a keypoint of the other image at
 * their place. Distances are measured in the image the keypoint is mapped to. 0 where there are none.
 */
export function repeatability(reference: Float64Array, sensed: Float64Array, truth: Truth, px: number): number {
  const there = repeated(reference, referenceToSensed(truth), sensed, truth.sensed, px);
  const back = repeated(sensed, truth.sensedToReference, reference, truth.reference, px);
  return there.N + back.N === 0 ? 0 : (there.n + back.n) / (there.N + back.N);
}

/** Directions and distance, px, that keypoints are moved to see what would be repeated by chance: further than they repeat, and as dense. */
const [directions, aside] = [8, 12];

/**
 * The repeatability of the same keypoints with those of the reference moved aside: what comes of their number and of where they crowd,
 * not of what is seen. What is moved out of the rectangle that held them comes in on its other side.
 */
export function chanceRepeatability(reference: Float64Array, sensed: Float64Array, truth: Truth, px: number): number {
  const rangeOf = (axis: number): readonly [least: number, extent: number] => {
    const values = reference.filter((_, k) => k % 2 === axis);
    const least = values.reduce((a, b) => Math.min(a, b), Infinity);
    return [least, values.reduce((a, b) => Math.max(a, b), -Infinity) - least];
  };
  const ranges = [rangeOf(0), rangeOf(1)] as const;
  const moved = (dx: number, dy: number): Float64Array =>
    reference.map((v, k) => {
      const [least, extent] = ranges[k % 2]!;
      const t = v - least + (k % 2 === 0 ? dx : dy);
      return extent > 0 ? least + (((t % extent) + extent) % extent) : v;
    });
  let sum = 0;
  for (let i = 0; i < directions; i++) {
    const angle = (2 * Math.PI * i) / directions;
    sum += repeatability(moved(aside * Math.cos(angle), aside * Math.sin(angle)), sensed, truth, px);
  }
  return sum / directions;
}

/** Distance of each match from the truth, px of the reference. */
function errors({ reference, sensed }: MatchedPoints, { sensedToReference }: Truth): number[] {
  const there = mapped(sensedToReference, sensed);
  const count = reference.length / 2;
  return Array.from({ length: count }, (_, i) =>
    Math.hypot(there[2 * i]! - reference[2 * i]!, there[2 * i + 1]! - reference[2 * i + 1]!),
  );
}

/** Matching accuracy of one pair: the share of its matches within `px` of the truth. 0 without matches (as in D2-Net). */
export function matchingAccuracy(matches: MatchedPoints, truth: Truth, px: number): number {
  const all = errors(matches, truth);
  return all.length === 0 ? 0 : all.filter((e) => e <= px).length / all.length;
}

/** How many of the reference's points lie on ground that the sensed image shows too. */
export function commonKeypoints(reference: Float64Array, truth: Truth): number {
  return repeated(reference, referenceToSensed(truth), new Float64Array(0), truth.sensed, 0).N;
}

/** How many of the reference's points have one of the sensed image within `px` of their place. */
export function repeatableKeypoints({ reference, sensed }: MatchedPoints, truth: Truth, px: number): number {
  const there = mapped(truth.sensedToReference, sensed);
  let count = 0;
  for (let i = 0; i < reference.length; i += 2) {
    if (distanceTo(there, reference[i]!, reference[i + 1]!) <= px) count++;
  }
  return count;
}

/**
 * Average precision of nearest-neighbour matching of one pair: the area under precision over recall as matches are taken from the
 * surest on. A match is right within `px` of the truth. Precision at a recall is the best at that recall or above. NaN where nothing
 * could be right.
 *
 * @param could - how many could be right; where more are, so many
 */
export function averagePrecision(nearest: NearestNeighbours, truth: Truth, px: number, could: number): number {
  const { reference, sensed, partner, score } = nearest;
  const there = mapped(truth.sensedToReference, sensed);
  const right = (i: number): boolean => {
    const j = partner[i]!;
    if (j < 0) return false;
    return Math.hypot(there[2 * j]! - reference[2 * i]!, there[2 * j + 1]! - reference[2 * i + 1]!) <= px;
  };
  const possible = Math.max(could, [...partner.keys()].filter(right).length);
  if (possible === 0) return Number.NaN;
  const order = [...partner.keys()].filter((i) => partner[i]! >= 0).toSorted((a, b) => score[b]! - score[a]!);
  let hits = 0;
  const precision: number[] = [];
  const recall: number[] = [];
  for (const [taken, i] of order.entries()) {
    if (right(i)) hits++;
    precision.push(hits / (taken + 1));
    recall.push(hits / possible);
  }
  let [area, best, upper] = [0, 0, recall.at(-1) ?? 0];
  for (let k = order.length - 1; k >= 0; k--) {
    area += (upper - recall[k]!) * best;
    best = Math.max(best, precision[k]!);
    upper = recall[k]!;
  }
  return area + upper * best;
}

/**
 * Match score M.S.: right matches of the whole pipeline over the keypoints on ground that both images show, the mean of both
 * images' shares.
 */
export function matchScore(matches: MatchedPoints, keypoints: MatchedPoints, truth: Truth, px: number): number {
  const right = errors(matches, truth).filter((e) => e <= px).length;
  const { N: n } = repeated(keypoints.reference, referenceToSensed(truth), keypoints.sensed, truth.sensed, px);
  const { N: m } = repeated(keypoints.sensed, truth.sensedToReference, keypoints.reference, truth.reference, px);
  return ((n === 0 ? 0 : right / n) + (m === 0 ? 0 : right / m)) / 2;
}

/** RMSE (10) of matches against the truth, px of the reference. NaN without matches. */
export function rootMeanSquareError(matches: MatchedPoints, truth: Truth): number {
  const all = errors(matches, truth);
  return all.length === 0 ? Number.NaN : Math.sqrt(all.reduce((sum, e) => sum + e * e, 0) / all.length);
}
