import {
  type Estimate,
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
  type Plane,
  resamplePlane,
  TiepointError,
  transformPoint,
} from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { describeKeypoints, turns } from './descriptors.js';
import { type DescriptorSet, mutualMatches, type MutualMatches, rowsFor } from './mutual-matches.js';
import { type ScaleLevel, scaleLevels } from './scale-levels.js';

/** How {@link matchRift} searches. */
export interface RiftOptions {
  /** Keypoints of an image at full resolution at most. Default 1200. */
  readonly keypoints?: number | undefined;
  /** Of the random sampling that compares poses. Default 0. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Keypoints matched one to one, many of them wrongly: entry i of each array belongs to one pair. */
export interface RiftMatches {
  readonly count: number;
  /** Px of the reference, interleaved x, y, corner convention. */
  readonly target: Float64Array;
  /** Px of the sensed image, interleaved. */
  readonly source: Float64Array;
  /** Inner product of the descriptors, at most 1: their cosine where both patches are whole. */
  readonly score: Float64Array;
}

/** Half octaves either image is shrunk by: scales from 1/2 to 2. */
const steps = 2;
/** Scales of a pose: those searched, and what the estimate may be off. */
const scaleLimits = { minScale: 0.4, maxScale: 2.5 };
/** Residual that still counts when poses are compared, px of the coarser level. */
const tolerance = 4;

function describe(level: ScaleLevel, turn: number): DescriptorSet {
  const count = level.keypoints.length;
  const rows = rowsFor(count);
  return { count, rows, data: describeKeypoints(level.maps, level.keypoints, turn, rows) };
}

function pointsOf(level: ScaleLevel, indices: readonly number[]): Float64Array {
  const { width } = level.maps;
  const points = new Float64Array(2 * indices.length);
  for (const [i, index] of indices.entries()) {
    const at = level.keypoints[index]!;
    points[2 * i] = ((at % width) + 0.5) / level.scale[0];
    points[2 * i + 1] = (Math.floor(at / width) + 0.5) / level.scale[1];
  }
  return points;
}

function inImages(matches: MutualMatches, reference: ScaleLevel, sensed: ScaleLevel): RiftMatches {
  return {
    count: matches.score.length,
    target: pointsOf(reference, matches.reference),
    source: pointsOf(sensed, matches.sensed),
    score: Float64Array.from(matches.score),
  };
}

function agreeing(matches: RiftMatches, threshold: number, seed: number): Estimate | null {
  if (matches.count < 4) return null;
  const { source, target } = matches;
  return estimateTransform(
    { source, target },
    { model: 'similarity', threshold, seed, maxIterations: 500, ...scaleLimits },
  );
}

/** The matches of the relative scale and turn at which most agree on one similarity. */
async function bestPose(
  engine: Engine,
  fixed: readonly ScaleLevel[],
  moving: readonly ScaleLevel[],
  options: RiftOptions,
): Promise<{ matches: RiftMatches; estimate: Estimate | null }> {
  const upright = fixed.map((level) => describe(level, 0));
  let best: { matches: RiftMatches; estimate: Estimate | null } | null = null;
  for (let turn = 0; turn < turns; turn++) {
    for (const [m, sensed] of moving.entries()) {
      const turned = describe(sensed, turn);
      for (const [f, reference] of fixed.entries()) {
        // Shrinking both images compares the same scales with less detail.
        if (m > 0 && f > 0) continue;
        options.signal?.throwIfAborted();
        const matches = inImages(await mutualMatches(engine, upright[f]!, turned), reference, sensed);
        const threshold = tolerance / reference.scale[0];
        const estimate = agreeing(matches, threshold, options.seed ?? 0);
        if (best === null || (estimate?.inlierCount ?? 0) > (best.estimate?.inlierCount ?? 0)) {
          best = { matches, estimate };
        }
      }
    }
  }
  return best!;
}

/** Matches again with the sensed image brought onto the reference by the pose found: neither turn nor scale is left to forgive. */
async function matchAligned(
  engine: Engine,
  reference: ScaleLevel,
  sensed: Plane,
  toReference: MatrixTransform,
  keypoints: number,
): Promise<RiftMatches | null> {
  const toSensed = invertTransform(toReference);
  if (toSensed === null) return null;
  const aligned = resamplePlane(sensed, reference.maps.width, reference.maps.height, toSensed);
  const [level] = await scaleLevels(engine, aligned, 0, keypoints, false);
  const found = await mutualMatches(engine, describe(reference, 0), describe(level!, 0));
  const matches = inImages(found, reference, level!);
  for (let i = 0; i < matches.source.length; i += 2) {
    matches.source.set(transformPoint(toSensed, matches.source[i]!, matches.source[i + 1]!), i);
  }
  return matches;
}

/**
 * Matches two images by RIFT (Li, Hu and Ai, "RIFT: multi-modal image matching based on radiation-variation insensitive feature
 * transform", 2019): corners and edge points of phase congruency, described by the maximum index map. Any rotation, and scales
 * from about 0.5 to 2, are searched by describing the sensed image at 24 turns and both images at three scales; the best
 * pose by consensus is then matched once more at full resolution.
 *
 * The pairs are not filtered: `estimateTransform` is to find those that agree.
 *
 * @throws TiepointError `image-too-small` where an image is smaller than 32 px
 */
export async function matchRift(
  engine: Engine,
  reference: Plane,
  sensed: Plane,
  options: RiftOptions = {},
): Promise<RiftMatches> {
  for (const { width, height } of [reference, sensed]) {
    if (Math.min(width, height) < 32) {
      throw new TiepointError('image-too-small', 'RIFT needs images of at least 32 px a side', {
        hint: 'its descriptors see patches of 96 px',
        value: [width, height],
      });
    }
  }
  const keypoints = options.keypoints ?? 1200;
  const fixed = await scaleLevels(engine, reference, steps, keypoints, false, options.signal);
  const moving = await scaleLevels(engine, sensed, steps, keypoints, true, options.signal);
  const { matches, estimate } = await bestPose(engine, fixed, moving, options);
  if (estimate === null || !isMatrixTransform(estimate.transform)) return matches;
  const again = await matchAligned(engine, fixed[0]!, sensed, estimate.transform, keypoints);
  if (again === null) return matches;
  const better = agreeing(again, tolerance, options.seed ?? 0);
  return (better?.inlierCount ?? 0) >= estimate.inlierCount ? again : matches;
}
