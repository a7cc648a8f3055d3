import { affine, composeTransforms, estimateTransform, type MatrixTransform, type Plane } from '@tiepoint/geometry';
import { type Detector, detectionConfidence, keypointsOf } from '../detection/detect.js';
import type { ConfidenceMap } from '../detection/keypoints.js';
import type { Engine } from '../engine.js';
import type { Pyramid } from '../image/pyramid.js';
import { type KeypointImage, type Matcher } from './encode-keypoints.js';
import { asItIs, type ImageView } from './image-view.js';
import { findViews, type FoundView } from './find-views.js';
import { type KeypointMatches, mutualMatches, nearestInViews } from './match-keypoints.js';

/** A detection network and a cross-fusion network, with what they have learned. */
export interface KeypointNetworks {
  readonly detector: Detector;
  readonly matcher: Matcher;
}

/** How {@link matchByNetworks} works. */
export interface NetworkMatchOptions {
  /** Keypoints of an image at most; default 1000. */
  readonly keypoints?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Keypoints that are each other's most likely match, many of them wrongly: entry i of each array belongs to one pair. */
export interface NetworkMatches {
  readonly count: number;
  /** Px of the reference, interleaved x, y, corner convention. */
  readonly target: Float64Array;
  /** Px of the sensed image, interleaved. */
  readonly source: Float64Array;
  /** Entries of the matching matrix, 0 to 1. */
  readonly score: Float64Array;
  /** Px of the reference a px of the level that was matched: what a pixel of error means. */
  readonly step: number;
}

/**
 * Longest sides at which views are found and keypoints matched, px. Both images come to about them, so that images of one ground at
 * very different resolution are compared at scales that training has seen; and what is the same number of keypoints on all ground is
 * dense enough at the lower to find the view.
 */
const longestSide = { views: 512, matches: 1024 } as const;

/** A level of a pyramid, and how many px of the whole image a px of it is, along both axes. */
interface Level {
  readonly plane: Plane;
  readonly scale: readonly [number, number];
}

function levelOf({ levels }: Pyramid, longest: number): Level {
  const plane = levels.find(({ width, height }) => Math.max(width, height) <= longest) ?? levels[levels.length - 1]!;
  const [whole] = levels;
  return { plane, scale: [whole!.width / plane.width, whole!.height / plane.height] };
}

function scaled(points: Float64Array, indices: Int32Array, [sx, sy]: readonly [number, number]): Float64Array {
  const out = new Float64Array(2 * indices.length);
  for (const [i, from] of indices.entries()) out.set([points[2 * from]! * sx, points[2 * from + 1]! * sy], 2 * i);
  return out;
}

/** Px of an image for each keypoint by which views are found, and how many of these there are at most. */
const [perViewKeypoint, viewKeypoints] = [110, 1200] as const;
/** Residual beyond which a pair is wrong, px of the level: keypoints of one place lie three to six apart. */
const threshold = 5;
/** Views that all keypoints are matched in: so many at most, of those with this share of the best one's agreeing pairs. */
const likely = { views: 4, share: 0.6 } as const;

/** Px of the whole sensed image a px of its level, over those of the reference. */
function relativeStep([reference, sensed]: readonly [Pick<Level, 'scale'>, Pick<Level, 'scale'>]): number {
  return sensed.scale[0] / reference.scale[0];
}

function pairsOf(found: KeypointMatches, reference: KeypointImage, sensed: KeypointImage) {
  const points = (xy: Float64Array, indices: Int32Array): Float64Array => scaled(xy, indices, [1, 1]);
  return {
    target: points(reference.keypoints.xy, found.reference),
    source: points(sensed.keypoints.xy, found.sensed),
  };
}

/** A view of the sensed image in which keypoints agree, in px of the images. */
export interface NetworkView {
  readonly referenceToSensed: MatrixTransform;
  /** Pairs of keypoints that agree with it: a dozen do by chance, two dozen where ground repeats itself. */
  readonly inliers: number;
}

/** Two images that networks are asked about; what is found is kept. */
export interface NetworkMatching {
  /** How the sensed image may lie to the reference, best first: some pairs agree by chance. */
  readonly views: () => Promise<readonly NetworkView[]>;
  /** Pairs of keypoints in the view that most of them agree with. */
  readonly matches: () => Promise<NetworkMatches>;
}

/** A similarity of levels as one of the whole images. */
function ofImages(transform: MatrixTransform, reference: Level, sensed: Level): MatrixTransform {
  const scaling = (sx: number, sy: number): MatrixTransform => affine(sx, 0, 0, 0, sy, 0);
  const [rx, ry] = reference.scale;
  return composeTransforms(scaling(...sensed.scale), composeTransforms(transform, scaling(1 / rx, 1 / ry)));
}

/**
 * Finds views and matches of two images by networks (Li, Han and Ye 2022): detection, patches around the keypoints, cross-fusion.
 * Views cost less than matches and are all that is needed where the ground they lead to can be looked at otherwise; few pairs agree
 * with the right one where images have little in common, and then matching in it loses it.
 */
export function networkMatching(
  engine: Engine,
  { detector, matcher }: KeypointNetworks,
  reference: Pyramid,
  sensed: Pyramid,
  options: NetworkMatchOptions = {},
): NetworkMatching {
  const { keypoints: count = 1000, seed = 0, signal } = options;
  const signalled = signal ? { signal } : {};
  // Of small images both levels are the same.
  const maps = new Map<Plane, ConfidenceMap>();
  const open = async ({ plane, scale }: Level, most: number): Promise<KeypointImage & Pick<Level, 'scale'>> => {
    const map = maps.get(plane) ?? (await detectionConfidence(engine, detector, plane, signalled));
    maps.set(plane, map);
    return { plane, scale, keypoints: keypointsOf(detector, map, { count: most }) };
  };
  const images = async (side: number, most: (plane: Plane) => number) => {
    const [fixed, moving] = [levelOf(reference, side), levelOf(sensed, side)];
    return [await open(fixed, most(fixed.plane)), await open(moving, most(moving.plane))] as const;
  };
  const search = async () => {
    const few = await images(longestSide.views, ({ width, height }) =>
      Math.min(viewKeypoints, Math.ceil((width * height) / perViewKeypoint)),
    );
    return { few, found: await findViews(engine, matcher, ...few, { threshold, seed, ...signalled }) };
  };
  let searched: ReturnType<typeof search> | null = null;
  return {
    async views() {
      const { few, found } = await (searched ??= search());
      return found.map(({ referenceToSensed, inliers }) => {
        return { referenceToSensed: ofImages(referenceToSensed, ...few), inliers };
      });
    },
    async matches() {
      const { few, found } = await (searched ??= search());
      const [a, b] = await images(longestSide.matches, () => count);
      const finer = relativeStep(few) / relativeStep([a, b]);
      let best: { readonly matches: KeypointMatches; readonly inliers: number } | null = null;
      const isLikely = ({ inliers }: FoundView): boolean => inliers >= likely.share * found[0]!.inliers;
      const tried: readonly ImageView[] = found.length === 0 ? [asItIs] : found.filter(isLikely).slice(0, likely.views);
      const nearest = nearestInViews(engine, matcher, a, b);
      for (const { angle, scale } of tried) {
        const matches = mutualMatches(await nearest({ angle, scale: scale * finer }, signal));
        const estimate = estimateTransform(pairsOf(matches, a, b), { model: 'similarity', threshold, seed });
        const inliers = estimate?.inlierCount ?? 0;
        if (best === null || inliers > best.inliers) best = { matches, inliers };
      }
      const { matches } = best!;
      return {
        count: matches.count,
        target: scaled(a.keypoints.xy, matches.reference, a.scale),
        source: scaled(b.keypoints.xy, matches.sensed, b.scale),
        score: Float64Array.from(matches.score),
        step: Math.max(...a.scale),
      };
    },
  };
}

/**
 * Matches two images by networks in the view of the sensed image that most pairs agree with, see {@link networkMatching}. The pairs are
 * not filtered: `estimateTransform` is to find those that agree.
 *
 * @throws TiepointError `image-too-small`
 */
export function matchByNetworks(...images: readonly [...Parameters<typeof networkMatching>]): Promise<NetworkMatches> {
  return networkMatching(...images).matches();
}
