import {
  applyTransform,
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import {
  allocatePatches,
  createPyramid,
  type Patches,
  polarGrid,
  type Pyramid,
  samplePolarPatch,
  standardisePatch,
} from '@tiepoint/matching';
import type { Random } from 'onnx-grad';
import { toPlane, type TrainingImage } from '../data/training-image.js';
import type { TrainingPair } from '../data/training-pairs.js';
import { randomWarp, type WarpRange } from '../detection/random-warp.js';
import { drawGreyChange, type GreyChange, type GreyVariation } from '../detection/vary-greys.js';
import type { PairChooser } from '../sampling/choose-pair.js';
import { fillSamples } from '../sampling/fill-samples.js';

/** How pairs of keypoint sets are drawn. */
export interface KeypointSetOptions {
  /** Diameter of the patches, px. */
  readonly patch: number;
  /** Keypoints of each set. */
  readonly keypoints: number;
  /** Side of the frame that stands for an image, px. */
  readonly frame: number;
  /** Of the frame of both images on the ground. */
  readonly warp: WarpRange;
  /** Of the second image's frame in the first's. */
  readonly relative: WarpRange;
  readonly greys: GreyVariation;
  /** The share of keypoints that have a match is uniform between these. */
  readonly matched: readonly [least: number, most: number];
  /** Matching keypoints are up to this far from each other's place along each axis, px: detection is not exact either. */
  readonly jitter: number;
}

/**
 * Both images are turned alike by any angle. Relative to each other they are turned and scaled by no more than what is left when
 * `findViews` has tried its directions and scales: an orientation measured from the gradients of a patch, the other way, seldom
 * agrees between SAR and optical images.
 */
export const defaultKeypointSets: Omit<KeypointSetOptions, 'patch'> = {
  keypoints: 96,
  frame: 256,
  warp: { rotation: Math.PI, scale: 1.4, perspective: 0, shift: 0 },
  relative: { rotation: Math.PI / 13, scale: 1.25, perspective: 0.1, shift: 16 },
  greys: { inversion: 0.15, tone: 0.5, speckle: 0.2, noise: 0.3 },
  matched: [0.4, 0.9],
  jitter: 1.5,
};

/** Sets of keypoints of both images of pairs. */
export type KeypointSetBatch = {
  /** `[batch · keypoints, 1, rings, directions]`, zero mean and unit variance. */
  readonly patchesA: Float32Array;
  readonly patchesB: Float32Array;
  /** `[batch, keypoints, 2]`: from the frame's centre in halves of its side. */
  readonly placesA: Float32Array;
  readonly placesB: Float32Array;
  /** `[batch · keypoints]`: index of the match in the other set, or `keypoints` where there is none. */
  readonly matchOfA: BigInt64Array;
  readonly matchOfB: BigInt64Array;
};

/** An image of a pair in a frame of its own, as if it had come so. */
interface Frame {
  readonly image: TrainingImage;
  readonly pyramid: Pyramid;
  /** Frame px to px of the reference. */
  readonly toReference: MatrixTransform;
  /** Frame px to px of the image. */
  readonly toImage: (x: number, y: number) => Point;
  readonly greys: GreyChange;
  /** Where patches go. */
  readonly patches: Patches;
  readonly places: Float32Array;
}

type Point = readonly [x: number, y: number];

/** Keypoints without a match are at least this far from where one would be, px. */
const pixelsApart = 8;
/** Patches with less valid ground are not used. */
const leastValid = 0.6;
/** Keypoints are the one of so many random places that stands out most: detected ones are not just anywhere. */
const candidateCount = 3;

const pyramids = new WeakMap<TrainingImage, Pyramid>();

/** The image's pyramid, made once. */
function pyramidOf(image: TrainingImage): Pyramid {
  let made = pyramids.get(image);
  if (made === undefined) {
    made = createPyramid(toPlane(image));
    pyramids.set(image, made);
  }
  return made;
}

function mapInto(pair: TrainingPair, sensed: boolean, toReference: MatrixTransform): Frame['toImage'] {
  return (x, y) => {
    const at = Float64Array.of(x, y);
    applyTransform(toReference, at, at);
    if (sensed) applyTransform(pair.referenceToSensed, at, at);
    return [at[0]!, at[1]!];
  };
}

/** Whether the point lies in its frame and on valid ground. */
function shown({ toImage, image }: Frame, [x, y]: Point, side: number): boolean {
  if (!(x >= 0 && y >= 0 && x < side && y < side)) return false;
  const [column, row] = toImage(x, y).map(Math.floor) as [number, number];
  const { width, height, mask } = image;
  return column >= 0 && row >= 0 && column < width && row < height && mask?.[row * width + column] !== 0;
}

/** Standard deviation of the grey values around a point of the frame, a few px wide. */
function prominence({ toImage, pyramid }: Frame, [x, y]: Point): number {
  const { width, height, data } = pyramid.levels[1] ?? pyramid.levels[0]!;
  const shrink = pyramid.levels.length > 1 ? 0.5 : 1;
  const [cx, cy] = toImage(x, y).map((v) => Math.floor(v * shrink)) as [number, number];
  let [sum, squares, count] = [0, 0, 0];
  for (let row = Math.max(0, cy - 2); row <= Math.min(height - 1, cy + 2); row++) {
    for (let column = Math.max(0, cx - 2); column <= Math.min(width - 1, cx + 2); column++) {
      const v = data[row * width + column]!;
      sum += v;
      squares += v * v;
      count++;
    }
  }
  return count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** Cuts the patch around a point of the frame. */
function cutPatch(frame: Frame, [x, y]: Point, diameter: number, index: number): boolean {
  const { patches, pyramid, toImage, greys } = frame;
  const centre = toImage(x, y);
  // Warps hardly bend within a patch.
  const [right, down] = [toImage(x + 1, y), toImage(x, y + 1)];
  const jacobian = [right[0] - centre[0], down[0] - centre[0], right[1] - centre[1], down[1] - centre[1]] as const;
  const place = { x: centre[0], y: centre[1], toImage: jacobian, radius: diameter / 2 };
  if (samplePolarPatch(pyramid, place, patches, index) < leastValid) return false;
  const area = patches.width * patches.height;
  greys(patches.data, index * area, area);
  standardisePatch(patches, index);
  return true;
}

function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Arrays of one image's side of a batch. */
interface Side {
  readonly patches: Patches;
  readonly places: Float32Array;
}

/** Two sets of keypoints while they are drawn. */
interface SetsUnderWay {
  readonly a: Frame;
  readonly b: Frame;
  readonly aToB: MatrixTransform;
  readonly bToA: MatrixTransform;
  /** Where in B's set the n-th keypoint goes. */
  readonly order: readonly number[];
  readonly keptA: Point[];
  readonly keptB: Point[];
}

type Matches = Pick<KeypointSetBatch, 'matchOfA' | 'matchOfB'>;

/** Places tried for each keypoint before a pair is said to show too little. */
const triesPerKeypoint = 20;

/** The place of a frame that stands out most among a few random ones. */
function anywhere(frame: Frame, side: number, random: Random): Point {
  let best: Point = [0, 0];
  let most = -1;
  for (let i = 0; i < candidateCount; i++) {
    const at: Point = [random.uniform() * side, random.uniform() * side];
    const stands = prominence(frame, at);
    if (stands > most) [best, most] = [at, stands];
  }
  return best;
}

function isFar(kept: readonly Point[], [x, y]: Point): boolean {
  return kept.every(([u, v]) => Math.hypot(u - x, v - y) > pixelsApart);
}

/** Writes a keypoint's patch and place; `false` where the frame does not show it. */
function placeKeypoint(frame: Frame, at: Point, slot: number, { frame: side, patch }: KeypointSetOptions): boolean {
  if (!shown(frame, at, side) || !cutPatch(frame, at, patch, slot)) return false;
  frame.places.set([(2 * at[0]) / side - 1, (2 * at[1]) / side - 1], 2 * slot);
  return true;
}

/** Keypoints that both images have, `wanted` of them; `false` where the pair shows too little. */
function drawMatches(
  { a, b, aToB, bToA, order, keptA, keptB }: SetsUnderWay,
  wanted: number,
  random: Random,
  options: KeypointSetOptions,
  { matchOfA, matchOfB }: Matches,
  index: number,
): boolean {
  const { frame: side, keypoints: count, jitter } = options;
  const base = index * count;
  for (let i = 0, tries = 0; i < wanted;) {
    if (tries++ > triesPerKeypoint * count) return false;
    // What stands out in either image.
    const fromA = random.uniform() < 0.5;
    const chosen = anywhere(fromA ? a : b, side, random);
    const at = fromA ? chosen : transformPoint(bToA, chosen[0], chosen[1]);
    if (!isFar(keptA, at)) continue;
    const [x, y] = transformPoint(aToB, at[0], at[1]);
    const other: Point = [x + jitter * (2 * random.uniform() - 1), y + jitter * (2 * random.uniform() - 1)];
    if (!shown(b, other, side) || !isFar(keptB, other)) continue;
    if (!placeKeypoint(a, at, base + i, options) || !placeKeypoint(b, other, base + order[i]!, options)) continue;
    keptA.push(at);
    keptB.push(other);
    matchOfA[base + i] = BigInt(order[i]!);
    matchOfB[base + order[i]!] = BigInt(i);
    i++;
  }
  return true;
}

/** Fills both sets with keypoints that are alone in their image; `false` where the pair shows too little. */
function drawUnmatched(
  { a, b, aToB, bToA, order, keptA, keptB }: SetsUnderWay,
  random: Random,
  options: KeypointSetOptions,
  { matchOfA, matchOfB }: Matches,
  index: number,
): boolean {
  const { frame: side, keypoints: count } = options;
  const base = index * count;
  for (let i = keptA.length, tries = 0; i < count;) {
    if (tries++ > triesPerKeypoint * count) return false;
    // Each alone in its image: its place in the other holds no keypoint.
    const [at, other] = [anywhere(a, side, random), anywhere(b, side, random)];
    if (!isFar(keptA, at) || !isFar(keptB, transformPoint(aToB, at[0], at[1]))) continue;
    if (!isFar(keptB, other) || !isFar([...keptA, at], transformPoint(bToA, other[0], other[1]))) continue;
    if (!placeKeypoint(a, at, base + i, options) || !placeKeypoint(b, other, base + order[i]!, options)) continue;
    keptA.push(at);
    keptB.push(other);
    matchOfA[base + i] = BigInt(count);
    matchOfB[base + order[i]!] = BigInt(count);
    i++;
  }
  return true;
}

/** Draws one pair of sets into a batch; `false` where the pair shows too little. */
function drawSets(
  chooser: PairChooser,
  random: Random,
  options: KeypointSetOptions,
  sides: readonly [Side, Side],
  matches: Matches,
  index: number,
): boolean {
  const { frame: side, keypoints: count } = options;
  const pair = chooser.choose(random);
  const swapped = random.uniform() < 0.5;
  const within = (extent: number): number => extent * (0.3 + 0.4 * random.uniform());
  const corner = translation(
    Math.round(within(pair.reference.width) - side / 2),
    Math.round(within(pair.reference.height) - side / 2),
  );
  const first = composeTransforms(corner, randomWarp(random, side, options.warp));
  const second = composeTransforms(first, randomWarp(random, side, options.relative));
  const frameOf = (sensed: boolean, toReference: MatrixTransform, into: Side): Frame => ({
    ...into,
    image: sensed ? pair.sensed : pair.reference,
    pyramid: pyramidOf(sensed ? pair.sensed : pair.reference),
    toReference,
    toImage: mapInto(pair, sensed, toReference),
    greys: drawGreyChange(random, options.greys),
  });
  const [a, b] = [frameOf(swapped, first, sides[0]), frameOf(!swapped, second, sides[1])];
  const backFromB = invertTransform(b.toReference);
  const backFromA = invertTransform(a.toReference);
  if (backFromA === null || backFromB === null) return false;
  const aToB = composeTransforms(backFromB, a.toReference);
  const bToA = composeTransforms(backFromA, b.toReference);
  const [low, high] = options.matched;
  const wanted = Math.round(count * (low + (high - low) * random.uniform()));
  // B's set is in another order than A's, as it is of detected keypoints.
  const sets: SetsUnderWay = { a, b, aToB, bToA, order: shuffled(count, random), keptA: [], keptB: [] };
  return (
    drawMatches(sets, wanted, random, options, matches, index) && drawUnmatched(sets, random, options, matches, index)
  );
}

/**
 * Draws keypoint sets (Li, Han and Ye 2022, §3.4): both images of an aligned pair are warped by projective maps of their own,
 * corresponding points are the positive samples, and points that have no counterpart among the others' are the unmatched ones. All
 * other combinations of points of the two sets are the negative samples.
 *
 * Patches are sampled from the original images through warp and alignment at once, by the function that samples them in use.
 */
export function drawKeypointSets(
  chooser: PairChooser,
  count: number,
  random: Random,
  options: KeypointSetOptions,
): KeypointSetBatch {
  const rows = count * options.keypoints;
  const { rings: height, directions: width } = polarGrid;
  const side = (): Side => ({
    patches: allocatePatches(rows, width, height),
    places: new Float32Array(rows * 2),
  });
  const [a, b] = [side(), side()];
  const matches = { matchOfA: new BigInt64Array(rows), matchOfB: new BigInt64Array(rows) };
  fillSamples(count, (index) => drawSets(chooser, random, options, [a, b], matches, index));
  return {
    patchesA: a.patches.data,
    patchesB: b.patches.data,
    placesA: a.places,
    placesB: b.places,
    ...matches,
  };
}
