import {
  applyTransform,
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  type PointMap,
  translation,
} from '@tiepoint/geometry';
import type { Random } from 'onnx-grad';
import type { TrainingPair } from '../data/training-pairs.js';
import type { PairChooser } from '../sampling/choose-pair.js';
import { randomDihedral, randomWarp, type WarpRange } from './random-warp.js';
import { drawGreyChange, type GreyVariation } from './vary-greys.js';
import { sampleCrop, standardiseCrop } from './warped-crop.js';
import { fillSamples } from '../sampling/fill-samples.js';

/** How warped pairs are drawn. */
export interface WarpedPairOptions {
  /** Side of the crops, px; a multiple of the network's. */
  readonly side: number;
  readonly warp: WarpRange;
  readonly greys: GreyVariation;
  /**
   * Px at the border of the crops that do not count. A network knows a border by the zeros beyond it as far as it sees, and finds it
   * again in both crops: what it may not count on it does not learn.
   */
  readonly border: number;
}

/** Crops of both images of aligned pairs, one of which is warped. */
export type WarpedPairBatch = {
  /** `[batch, 1, side, side]`: as it is, but for turns by 90° and mirroring. */
  readonly first: Float32Array;
  /** `[batch, 1, side, side]`: the other image, warped. */
  readonly second: Float32Array;
  /** `[batch, side, side, 2]`: where each pixel of the first lies in the second, x before y, −1 to 1 across it. */
  readonly grid: Float32Array;
  /** `[batch, 1, side, side]`: 1 where both show the ground, away from their borders. */
  readonly both: Float32Array;
};

/** Crops with less of them valid, or of what counts in common, are not used. */
const leastCount = 0.35;

/** Crop px to px of one of the pair's images, by way of the reference. */
function intoImage(pair: TrainingPair, toReference: MatrixTransform, sensed: boolean): PointMap {
  return (points) => {
    applyTransform(toReference, points, points);
    if (sensed) applyTransform(pair.referenceToSensed, points, points);
  };
}

/** Fills grid and mask of a pair of crops from the map between them; the share of the first that is seen in both. */
function relate(
  firstToSecond: MatrixTransform,
  side: number,
  border: number,
  ground: readonly [first: Uint8Array, second: Uint8Array],
  { grid, both }: WarpedPairBatch,
  index: number,
): number {
  const area = side * side;
  const points = new Float64Array(2 * area);
  for (let i = 0; i < area; i++) {
    points[2 * i] = (i % side) + 0.5;
    points[2 * i + 1] = Math.floor(i / side) + 0.5;
  }
  applyTransform(firstToSecond, points, points);
  const inside = (t: number): boolean => t >= border && t < side - border;
  let seen = 0;
  for (let i = 0; i < area; i++) {
    const [x, y] = [points[2 * i]!, points[2 * i + 1]!];
    grid[2 * (index * area + i)] = (2 * x) / side - 1;
    grid[2 * (index * area + i) + 1] = (2 * y) / side - 1;
    const common =
      inside(i % side) &&
      inside(Math.floor(i / side)) &&
      inside(x) &&
      inside(y) &&
      ground[0][i] === 1 &&
      ground[1][Math.floor(y) * side + Math.floor(x)] === 1;
    both[index * area + i] = common ? 1 : 0;
    if (common) seen++;
  }
  return seen / (side - 2 * border) ** 2;
}

function drawPair(
  chooser: PairChooser,
  random: Random,
  { side, warp, greys, border }: WarpedPairOptions,
  batch: WarpedPairBatch,
  index: number,
): boolean {
  const pair = chooser.choose(random);
  const area = side * side;
  const place = (extent: number): number => random.uniform() * Math.max(0, extent - side);
  const corner = translation(Math.floor(place(pair.reference.width)), Math.floor(place(pair.reference.height)));
  const firstToReference = composeTransforms(corner, randomDihedral(random, side));
  const secondToFirst = randomWarp(random, side, warp);
  const firstToSecond = invertTransform(secondToFirst);
  if (firstToSecond === null) return false;
  const secondToReference = composeTransforms(firstToReference, secondToFirst);
  // Either image is the warped one.
  const swapped = random.uniform() < 0.5;
  const cut = (sensed: boolean, toReference: MatrixTransform, out: Float32Array): Uint8Array | null => {
    const image = sensed ? pair.sensed : pair.reference;
    const offset = index * area;
    if (sampleCrop(image, intoImage(pair, toReference, sensed), side, out, offset) < leastCount) return null;
    const ground = Uint8Array.from(out.subarray(offset, offset + area), (v) => (Number.isNaN(v) ? 0 : 1));
    drawGreyChange(random, greys)(out, offset, area);
    standardiseCrop(out, offset, area);
    return ground;
  };
  const first = cut(swapped, firstToReference, batch.first);
  const second = first && cut(!swapped, secondToReference, batch.second);
  return (
    first !== null &&
    second !== null &&
    relate(firstToSecond, side, border, [first, second], batch, index) >= leastCount
  );
}

/**
 * Draws pairs for self-supervised detection (Li, Han and Ye 2022, §3.2 and figure 3): both images of an aligned pair, one of them
 * warped by a random projective map.
 */
export function drawWarpedPairs(
  chooser: PairChooser,
  count: number,
  random: Random,
  options: WarpedPairOptions,
): WarpedPairBatch {
  const area = options.side ** 2;
  const batch = {
    first: new Float32Array(count * area),
    second: new Float32Array(count * area),
    grid: new Float32Array(2 * count * area),
    both: new Float32Array(count * area),
  };
  fillSamples(count, (index) => drawPair(chooser, random, options, batch, index));
  return batch;
}
