import type { Plane } from '@tiepoint/geometry';
import { type Detector, detectKeypoints } from '../detection/detect.js';
import type { Engine } from '../engine.js';
import type { Pyramid } from '../image/pyramid.js';
import { matchKeypoints, type Matcher } from './match-keypoints.js';

/** A detection network and a cross-fusion network, with what they have learned. */
export interface KeypointNetworks {
  readonly detector: Detector;
  readonly matcher: Matcher;
}

/** How {@link matchByNetworks} works. */
export interface NetworkMatchOptions {
  /** Keypoints of an image at most; default 1000. */
  readonly keypoints?: number;
  readonly signal?: AbortSignal;
}

/** Keypoints that are each other's most likely match, many of them wrongly: entry i of each array belongs to one pair. */
export interface NetworkMatches {
  readonly count: number;
  /** Px of the reference, interleaved x, y, corner convention. */
  readonly reference: Float64Array;
  /** Px of the sensed image, interleaved. */
  readonly sensed: Float64Array;
  /** Entries of the matching matrix, 0 to 1. */
  readonly score: Float64Array;
  /** Px of the reference a px of the level that was matched: what a pixel of error means. */
  readonly step: number;
}

/**
 * Longest side at which keypoints are sought, px. Both images come to about it, so that images of one ground at very different
 * resolution are compared at scales that training has seen.
 */
const longestSide = 1024;

function levelOf({ levels }: Pyramid): { readonly plane: Plane; readonly scale: readonly [number, number] } {
  const plane =
    levels.find(({ width, height }) => Math.max(width, height) <= longestSide) ?? levels[levels.length - 1]!;
  const [whole] = levels;
  return { plane, scale: [whole!.width / plane.width, whole!.height / plane.height] };
}

function scaled(points: Float64Array, indices: Int32Array, [sx, sy]: readonly [number, number]): Float64Array {
  const out = new Float64Array(2 * indices.length);
  for (const [i, from] of indices.entries()) out.set([points[2 * from]! * sx, points[2 * from + 1]! * sy], 2 * i);
  return out;
}

/**
 * Matches two images by networks (Li, Han and Ye 2022): detection, patches around the keypoints, cross-fusion. The pairs are not
 * filtered: `estimateTransform` is to find those that agree.
 *
 * @throws TiepointError `image-too-small`
 */
export async function matchByNetworks(
  engine: Engine,
  { detector, matcher }: KeypointNetworks,
  reference: Pyramid,
  sensed: Pyramid,
  options: NetworkMatchOptions = {},
): Promise<NetworkMatches> {
  const { keypoints: count = 1000, signal } = options;
  const asked = { count, ...(signal ? { signal } : {}) };
  const [fixed, moving] = [levelOf(reference), levelOf(sensed)];
  const a = { plane: fixed.plane, keypoints: await detectKeypoints(engine, detector, fixed.plane, asked) };
  const b = { plane: moving.plane, keypoints: await detectKeypoints(engine, detector, moving.plane, asked) };
  const found = await matchKeypoints(engine, matcher, a, b, signal ? { signal } : {});
  return {
    count: found.count,
    reference: scaled(a.keypoints.xy, found.reference, fixed.scale),
    sensed: scaled(b.keypoints.xy, found.sensed, moving.scale),
    score: Float64Array.from(found.score),
    step: Math.max(...fixed.scale),
  };
}
