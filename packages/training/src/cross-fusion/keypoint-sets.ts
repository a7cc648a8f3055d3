import {
  applyTransform,
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  type PointMap,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import type { Random } from 'onnx-grad';
import type { TrainingPair } from '../data/training-pairs.js';
import { randomWarp, type WarpRange } from '../detection/random-warp.js';
import { type GreyVariation, varyGreys } from '../detection/vary-greys.js';
import { sampleCrop, standardiseCrop } from '../detection/warped-crop.js';
import type { PairChooser } from '../sampling/choose-pair.js';

/** How pairs of keypoint sets are drawn. */
export interface KeypointSetOptions {
  /** Side of the patches, px. */
  readonly patch: number;
  /** Keypoints of each set. */
  readonly keypoints: number;
  /** Side of the frame that stands for an image, px. */
  readonly frame: number;
  /** Of each of the two images, so that they differ by up to twice the rotation and the square of the scale. */
  readonly warp: WarpRange;
  readonly greys: GreyVariation;
  /** The share of keypoints that have a match is uniform between these. */
  readonly matched: readonly [least: number, most: number];
  /** Matching keypoints are up to this far from each other's place, px: detection is not exact either. */
  readonly jitter: number;
}

/**
 * Any rotation of either image and relative scales from 0.5 to 2. The network is made to bear both by augmentation: an orientation
 * measured from the gradients of a patch, the other way, seldom agrees between SAR and optical images.
 */
export const defaultKeypointSets: Omit<KeypointSetOptions, 'patch'> = {
  keypoints: 64,
  frame: 256,
  warp: { rotation: Math.PI, scale: Math.SQRT2, perspective: 0.1, shift: 16 },
  greys: { inversion: 0.15, tone: 0.5, speckle: 0.2, noise: 0.3 },
  matched: [0.3, 0.9],
  jitter: 1,
};

/** Sets of keypoints of both images of pairs. */
export type KeypointSetBatch = {
  /** `[batch · keypoints, 1, patch, patch]`, zero mean and unit variance. */
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
  readonly image: TrainingPair['reference'];
  /** Frame px to px of the reference. */
  readonly toReference: MatrixTransform;
  /** Frame px to px of the image, in place. */
  readonly toImage: PointMap;
}

type Point = readonly [x: number, y: number];

/** Keypoints without a match are at least this far from where one would be, px. */
const APART = 8;
/** Patches with less valid ground are not used. */
const LEAST_VALID = 0.6;

function frameOf(pair: TrainingPair, sensed: boolean, toReference: MatrixTransform): Frame {
  return {
    image: sensed ? pair.sensed : pair.reference,
    toReference,
    toImage: (points) => {
      applyTransform(toReference, points, points);
      if (sensed) applyTransform(pair.referenceToSensed, points, points);
    },
  };
}

/** Whether the point lies in its frame and on valid ground. */
function shown(frame: Frame, [x, y]: Point, side: number): boolean {
  if (!(x >= 0 && y >= 0 && x < side && y < side)) return false;
  const at = Float64Array.of(x, y);
  frame.toImage(at);
  const [column, row] = [Math.floor(at[0]!), Math.floor(at[1]!)];
  const { width, height, mask } = frame.image;
  return column >= 0 && row >= 0 && column < width && row < height && mask?.[row * width + column] !== 0;
}

/** Cuts the patch around a point of the frame. */
function cutPatch(
  frame: Frame,
  [x, y]: Point,
  random: Random,
  { patch, greys }: KeypointSetOptions,
  out: Float32Array,
  index: number,
): boolean {
  const area = patch * patch;
  const toImage: PointMap = (points) => {
    for (let i = 0; i < points.length; i += 2) {
      points[i]! += x - patch / 2;
      points[i + 1]! += y - patch / 2;
    }
    frame.toImage(points);
  };
  if (sampleCrop(frame.image, toImage, patch, out, index * area) < LEAST_VALID) return false;
  varyGreys(random, out, index * area, area, greys);
  standardiseCrop(out, index * area, area);
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

/** Draws one pair of sets into a batch; `false` where the pair shows too little. */
function drawSets(
  chooser: PairChooser,
  random: Random,
  options: KeypointSetOptions,
  batch: KeypointSetBatch,
  index: number,
): boolean {
  const { frame: side, keypoints: count, jitter } = options;
  const pair = chooser.choose(random);
  const swapped = random.uniform() < 0.5;
  const within = (extent: number): number => extent * (0.3 + 0.4 * random.uniform());
  const corner = translation(
    Math.round(within(pair.reference.width) - side / 2),
    Math.round(within(pair.reference.height) - side / 2),
  );
  const warped = (): MatrixTransform => composeTransforms(corner, randomWarp(random, side, options.warp));
  const [a, b] = [frameOf(pair, swapped, warped()), frameOf(pair, !swapped, warped())];
  const backFromB = invertTransform(b.toReference);
  const backFromA = invertTransform(a.toReference);
  if (backFromA === null || backFromB === null) return false;
  const aToB = composeTransforms(backFromB, a.toReference);
  const bToA = composeTransforms(backFromA, b.toReference);
  const [low, high] = options.matched;
  const wanted = Math.round(count * (low + (high - low) * random.uniform()));
  // B's set is in another order than A's, as it is of detected keypoints.
  const order = shuffled(count, random);
  const base = index * count;
  const keptA: Point[] = [];
  const keptB: Point[] = [];
  const anywhere = (): Point => [random.uniform() * side, random.uniform() * side];
  const far = (kept: readonly Point[], [x, y]: Point): boolean =>
    kept.every(([u, v]) => Math.hypot(u - x, v - y) > APART);
  const place = (frame: Frame, at: Point, slot: number, second: boolean): boolean => {
    if (!shown(frame, at, side)) return false;
    const [patches, places] = second ? [batch.patchesB, batch.placesB] : [batch.patchesA, batch.placesA];
    if (!cutPatch(frame, at, random, options, patches, base + slot)) return false;
    places.set([(2 * at[0]) / side - 1, (2 * at[1]) / side - 1], 2 * (base + slot));
    return true;
  };
  for (let i = 0, tries = 0; i < wanted;) {
    if (tries++ > 20 * count) return false;
    const at = anywhere();
    if (!far(keptA, at)) continue;
    const [x, y] = transformPoint(aToB, at[0], at[1]);
    const other: Point = [x + jitter * (2 * random.uniform() - 1), y + jitter * (2 * random.uniform() - 1)];
    if (!shown(b, other, side) || !far(keptB, other)) continue;
    if (!place(a, at, i, false) || !place(b, other, order[i]!, true)) continue;
    keptA.push(at);
    keptB.push(other);
    batch.matchOfA[base + i] = BigInt(order[i]!);
    batch.matchOfB[base + order[i]!] = BigInt(i);
    i++;
  }
  for (let i = wanted, tries = 0; i < count;) {
    if (tries++ > 20 * count) return false;
    // Each alone in its image: its place in the other holds no keypoint.
    const [at, other] = [anywhere(), anywhere()];
    if (!far(keptA, at) || !far(keptB, transformPoint(aToB, at[0], at[1]))) continue;
    if (!far(keptB, other) || !far([...keptA, at], transformPoint(bToA, other[0], other[1]))) continue;
    if (!place(a, at, i, false) || !place(b, other, order[i]!, true)) continue;
    keptA.push(at);
    keptB.push(other);
    batch.matchOfA[base + i] = BigInt(count);
    batch.matchOfB[base + order[i]!] = BigInt(count);
    i++;
  }
  return true;
}

/**
 * Draws keypoint sets (Li, Han and Ye 2022, §3.4): both images of an aligned pair are warped by projective maps of their own,
 * corresponding points are the positive samples, and points that have no counterpart among the others' are the unmatched ones. All
 * other combinations of points of the two sets are the negative samples.
 *
 * Patches are cut from the original images through warp and alignment at once, interpolated once.
 */
export function drawKeypointSets(
  chooser: PairChooser,
  count: number,
  random: Random,
  options: KeypointSetOptions,
): KeypointSetBatch {
  const { patch, keypoints } = options;
  const rows = count * keypoints;
  const batch = {
    patchesA: new Float32Array(rows * patch * patch),
    patchesB: new Float32Array(rows * patch * patch),
    placesA: new Float32Array(rows * 2),
    placesB: new Float32Array(rows * 2),
    matchOfA: new BigInt64Array(rows),
    matchOfB: new BigInt64Array(rows),
  };
  for (let index = 0; index < count;) if (drawSets(chooser, random, options, batch, index)) index++;
  return batch;
}
