import { estimateTransform, isMatrixTransform, type MatrixTransform, transformPoint } from '@tiepoint/geometry';
import type { KeypointMethodFactory, Prediction } from './method.js';
import { type Nearest, nearest } from './nearest-descriptors.js';
import { polarLength } from './polar-descriptor.js';
import { type PsoKeypoints, psoSift } from './pso-sift-features.js';

/** The nearest descriptor may be at most this times as far as the second (Ma et al. 2017, §II-C). */
const ratio = 0.9;
/** Residual of the first transform, px. */
const threshold = 3;
/** Width of the bins that find the most frequent ratio of scales and difference of directions: of the scale, and rad. */
const scaleBin = 0.075;
const angleBin = Math.PI / 20;

/** How two images lie to each other by their first matches. */
interface FirstGuess {
  /** Px of the first image to px of the second. */
  readonly transform: MatrixTransform;
  /** Scale of a keypoint of the first over that of its match. */
  readonly scaleRatio: number;
  /** Direction of a keypoint of the first less that of its match, rad. */
  readonly turn: number;
}

/** An angle brought to [−π, π). */
function wrapped(angle: number): number {
  return ((((angle + Math.PI) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)) - Math.PI;
}

/** The mean of the values in the fullest bin. */
function mostFrequent(values: readonly number[], width: number): number {
  const filled = new Map<number, number[]>();
  for (const v of values) {
    const bin = Math.round(v / width);
    filled.set(bin, [...(filled.get(bin) ?? []), v]);
  }
  const fullest = [...filled.values()].reduce((a, b) => (b.length > a.length ? b : a));
  return fullest.reduce((sum, v) => sum + v, 0) / fullest.length;
}

/** Descriptors whose nearest is clearly nearer than the second, as pairs of indices. */
function clearPairs(a: PsoKeypoints, b: PsoKeypoints): (readonly [i: number, j: number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < a.owner.length; i++) {
    let [best, second, at] = [Infinity, Infinity, -1];
    for (let j = 0; j < b.owner.length; j++) {
      let product = 0;
      for (let k = 0; k < polarLength; k++) {
        product += a.descriptors[i * polarLength + k]! * b.descriptors[j * polarLength + k]!;
      }
      const distance = Math.sqrt(Math.max(0, 2 - 2 * product));
      if (distance < best) [best, second, at] = [distance, best, j];
      else second = Math.min(second, distance);
    }
    if (best < ratio * second) pairs.push([i, at]);
  }
  return pairs;
}

/** The geometry that first matches agree on; null where they agree on none. */
function firstGuess(a: PsoKeypoints, b: PsoKeypoints): FirstGuess | null {
  const pairs = clearPairs(a, b);
  if (pairs.length < 4) return null;
  const place = ({ xy, owner }: PsoKeypoints, i: number): readonly number[] => [
    xy[2 * owner[i]!]!,
    xy[2 * owner[i]! + 1]!,
  ];
  const points = {
    source: Float64Array.from(pairs.flatMap(([i]) => place(a, i))),
    target: Float64Array.from(pairs.flatMap(([, j]) => place(b, j))),
  };
  const found = estimateTransform(points, { model: 'similarity', threshold, seed: 0 });
  if (found === null || !isMatrixTransform(found.transform)) return null;
  const agreeing = pairs.filter((_, n) => found.inliers[n] === 1);
  return {
    transform: found.transform,
    scaleRatio: mostFrequent(
      agreeing.map(([i, j]) => a.scale[i]! / b.scale[j]!),
      scaleBin,
    ),
    turn: mostFrequent(
      agreeing.map(([i, j]) => wrapped(a.angle[i]! - b.angle[j]!)),
      angleBin,
    ),
  };
}

/**
 * The nearest by the distance of position, scale and orientation (Ma et al. 2017, (6)–(9)): the distance of descriptors times one
 * more than each of the errors of position (px), scale (relative) and direction (degrees) under the first guess.
 */
function psoNearest(a: PsoKeypoints, b: PsoKeypoints): Nearest {
  const guess = firstGuess(a, b);
  if (guess === null) return nearest(a, b);
  const there = new Float64Array(a.xy.length);
  for (let i = 0; i < there.length; i += 2) there.set(transformPoint(guess.transform, a.xy[i]!, a.xy[i + 1]!), i);
  return nearest(a, b, (product, i, j) => {
    const [p, q] = [a.owner[i]!, b.owner[j]!];
    const position = Math.hypot(there[2 * p]! - b.xy[2 * q]!, there[2 * p + 1]! - b.xy[2 * q + 1]!);
    const scale = Math.abs(1 - (guess.scaleRatio * b.scale[j]!) / a.scale[i]!);
    const turn = (Math.abs(wrapped(a.angle[i]! - b.angle[j]! - guess.turn)) * 180) / Math.PI;
    return -(1 + position) * (1 + scale) * (1 + turn) * Math.sqrt(Math.max(0, 2 - 2 * product));
  });
}

/** PSO-SIFT (Ma, Wen, Wu, Jiao, Gong, Zheng and Liu 2017): SIFT with another gradient, log-polar descriptors and matching in two passes. */
export const psoSiftMethod: KeypointMethodFactory = () =>
  Promise.resolve({
    name: 'pso-sift',
    predict(reference, sensed, count): Promise<Prediction> {
      const begin = performance.now();
      const [a, b] = [psoSift(reference, count), psoSift(sensed, count)];
      const { partner, score } = psoNearest(a, b);
      const { partner: back } = psoNearest(b, a);
      const seconds = (performance.now() - begin) / 1000;
      return Promise.resolve({ keypoints: { reference: a.xy, sensed: b.xy }, partner, score, back, seconds });
    },
    close: () => Promise.resolve(),
  });
