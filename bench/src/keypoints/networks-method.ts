import { estimateTransform, invertTransform, isMatrixTransform, type Plane, transformPoint } from '@tiepoint/geometry';
import {
  createEngine,
  type Detector,
  detectKeypoints,
  type Dlsm,
  type Engine,
  findViews,
  type KeypointImage,
  localisePatches,
  type Matcher,
  type NearestKeypoints,
  nearestKeypoints,
  riftKeypoints,
  spreadOf,
} from '@tiepoint/matching';
import type { KeypointMethod } from './method.js';

/** What a method of {@link networksMethod} consists of. */
export interface NetworkParts {
  readonly name: string;
  /** RIFT's keypoints where there is none. */
  readonly detector: Detector | null;
  /** Keypoints are not matched where there is none. */
  readonly matcher: Matcher | null;
  /** Moves the sensed keypoints of matches to where their partners are; they stay where they are without it. */
  readonly dlsm?: Dlsm;
}

/** Residual beyond which a pair does not count for a view, px. */
const threshold = 5;
/** Residual beyond which a pair is not refined, and how far refinement looks, px: keypoints of one place lie that far apart. */
const [agreeing, reach] = [8, 6];

/** The likeliest partners in the view of the sensed image that most pairs agree on. */
async function nearestInView(
  engine: Engine,
  matcher: Matcher,
  reference: KeypointImage,
  sensed: KeypointImage,
): Promise<NearestKeypoints> {
  const [view] = await findViews(engine, matcher, reference, sensed, { threshold, seed: 0 });
  return await nearestKeypoints(engine, matcher, reference, sensed, view);
}

/** The sensed keypoints, those that have a match where the network sees their partner. */
async function refined(
  engine: Engine,
  dlsm: Dlsm,
  reference: KeypointImage,
  sensed: KeypointImage,
  { partner, back }: NearestKeypoints,
): Promise<Float64Array> {
  const moved = sensed.keypoints.xy.slice();
  const pairs = [...partner.entries()].filter(([i, j]) => j >= 0 && back[j] === i);
  const points = (xy: Float64Array, indices: readonly number[]): Float64Array =>
    Float64Array.from(indices.flatMap((i) => [xy[2 * i]!, xy[2 * i + 1]!]));
  const matched = {
    reference: points(
      reference.keypoints.xy,
      pairs.map(([i]) => i),
    ),
    sensed: points(
      sensed.keypoints.xy,
      pairs.map(([, j]) => j),
    ),
  };
  if (pairs.length < 4) return moved;
  const estimate = estimateTransform(matched, { model: 'projective', threshold: agreeing, seed: 0 });
  if (estimate === null || !isMatrixTransform(estimate.transform)) return moved;
  const { transform, inliers } = estimate;
  const referenceToSensed = invertTransform(transform);
  if (referenceToSensed === null) return moved;
  const kept = pairs.filter((_, n) => inliers[n] === 1);
  const ground = (plane: Plane) => ({ plane, left: 0, top: 0 });
  const places = kept.map(([i, j]) => {
    const [x, y] = [reference.keypoints.xy[2 * i]!, reference.keypoints.xy[2 * i + 1]!];
    const [u, v] = transformPoint(transform, sensed.keypoints.xy[2 * j]!, sensed.keypoints.xy[2 * j + 1]!);
    const ahead = [u - x, v - y] as const;
    return { x, y, ahead, reference: ground(reference.plane), sensed: ground(sensed.plane), referenceToSensed };
  });
  const spread = [spreadOf(reference.plane), spreadOf(sensed.plane)] as const;
  const found = await localisePatches(engine, dlsm, places, spread, { side: 3, step: 1, reach });
  for (const [n, [, j]] of kept.entries()) moved.set(found.sensed.subarray(2 * n, 2 * n + 2), 2 * j);
  return moved;
}

/** A detection and a cross-fusion network as a method. It keeps the strongest keypoints, as the rivals do, not the best spread. */
export function networksMethod({ name, detector, matcher, dlsm }: NetworkParts): KeypointMethod {
  const engine = createEngine();
  return {
    name,
    version: `${detector?.name ?? 'RIFT'}; ${matcher?.name ?? 'none'}${dlsm === undefined ? '' : '; refined'}`,
    async predict(reference, sensed, count) {
      const begin = performance.now();
      const open = async (plane: Plane): Promise<KeypointImage> => ({
        plane,
        keypoints:
          detector === null
            ? await riftKeypoints(engine, plane, count)
            : await detectKeypoints(engine, detector, plane, { count, spread: false }),
      });
      const [fixed, moving] = [await open(reference), await open(sensed)];
      const found =
        matcher === null
          ? {
              partner: new Int32Array(fixed.keypoints.count).fill(-1),
              score: new Float32Array(fixed.keypoints.count),
              back: new Int32Array(moving.keypoints.count).fill(-1),
            }
          : await nearestInView(engine, matcher, fixed, moving);
      const places = { reference: fixed.keypoints.xy, sensed: moving.keypoints.xy };
      const described = dlsm && { ...places, sensed: await refined(engine, dlsm, fixed, moving, found) };
      const seconds = (performance.now() - begin) / 1000;
      return { keypoints: places, ...(described ? { described } : {}), ...found, seconds };
    },
    close: () => engine.dispose(),
  };
}
