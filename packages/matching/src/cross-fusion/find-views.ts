import {
  type Correspondences,
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
} from '@tiepoint/geometry';
import {
  argMax,
  buildModel,
  cast,
  concat,
  input,
  type Model,
  matmul,
  reshape,
  slice,
  stack,
  type Tensor,
  transpose,
} from 'onnx-grad';
import type { Engine } from '../engine.js';
import { type KeypointImage, keypointEncoder, type Matcher } from './encode-keypoints.js';
import { asItIs, type ImageView } from './image-view.js';
import { vectorDirections, vectorLength } from './encoder.js';

/** A view of the sensed image, how many pairs agree with it, and the similarity that they agree with. */
export interface FoundView extends ImageView {
  readonly inliers: number;
  /** Px of the reference → px of the sensed image. */
  readonly referenceToSensed: MatrixTransform;
}

/** How views are searched. */
export interface FindViewsOptions {
  /** Residual beyond which a pair is wrong, px. */
  readonly threshold: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Px of the sensed image a px of the reference that are tried, the likeliest first: what is between two, the encoder bears. */
const scales = [1, 1.41, 0.71, 2, 0.5] as const;
/** How far a pose may be from the view it was found in: half a step and what patches bear beyond. */
const reach = { angle: (1.3 * Math.PI) / vectorDirections, scale: 1.3 } as const;
/** Fewer pairs than that agree with anything. */
const leastInliers = 5;
/** More pairs than that do not agree by chance: no further scale is tried. */
const plainlyRight = 45;

/** For all directions at once: the likeliest partner of each keypoint of both images. */
function partnersModel(rows: number): Model<{ readonly best: Tensor; readonly back: Tensor }> {
  const perDirection = vectorLength / vectorDirections;
  const a = input('a', [rows, vectorLength]);
  const b = reshape(input('b', [rows, vectorLength]), [rows, perDirection, vectorDirections]);
  // Twice round, so that each turn is a part of it.
  const round = concat([b, b], 2);
  const turned = Array.from({ length: vectorDirections }, (_, by) =>
    reshape(slice(round, { axes: [2], starts: [by], ends: [by + vectorDirections] }), [rows, vectorLength]),
  );
  const scores = matmul(a, transpose(stack(turned, 0), [0, 2, 1]));
  return buildModel({
    outputs: { best: cast(argMax(scores, 2), 'float32'), back: cast(argMax(scores, 1), 'float32') },
  });
}

/** Pairs that are each other's likeliest. */
function mutualPairs(
  reference: KeypointImage,
  sensed: KeypointImage,
  best: Float32Array,
  back: Float32Array,
): Correspondences {
  const pairs: { source: number[]; target: number[] } = { source: [], target: [] };
  const [n, m] = [reference.keypoints.count, sensed.keypoints.count];
  for (let i = 0; i < n; i++) {
    const j = best[i]!;
    if (j >= m || back[j] !== i) continue;
    pairs.target.push(reference.keypoints.xy[2 * i]!, reference.keypoints.xy[2 * i + 1]!);
    pairs.source.push(sensed.keypoints.xy[2 * j]!, sensed.keypoints.xy[2 * j + 1]!);
  }
  return { source: Float64Array.from(pairs.source), target: Float64Array.from(pairs.target) };
}

/** The view that most pairs agree on, where it is near the one they were found in. */
function agreedView(pairs: Correspondences, tried: ImageView, options: FindViewsOptions): FoundView | null {
  if (pairs.target.length < 2 * leastInliers) return null;
  const { threshold, seed } = options;
  const found = estimateTransform(pairs, {
    model: 'similarity',
    threshold,
    seed,
    minScale: 1 / (tried.scale * reach.scale),
    maxScale: reach.scale / tried.scale,
  });
  if (found === null || found.inlierCount < leastInliers || !isMatrixTransform(found.transform)) return null;
  const inverse = invertTransform(found.transform);
  if (inverse === null) return null;
  const [a, , , d] = inverse.matrix;
  const angle = Math.atan2(d, a);
  const off = Math.atan2(Math.sin(angle - tried.angle), Math.cos(angle - tried.angle));
  if (Math.abs(off) > reach.angle) return null;
  return { angle, scale: Math.hypot(a, d), inliers: found.inlierCount, referenceToSensed: inverse };
}

/**
 * How the sensed image may lie to the reference, best first. Its patches are encoded at five scales, or as many as it takes, and their
 * vectors turned to sixteen directions; of each, those pairs count that are each other's nearest and agree with one similarity near it.
 *
 * Where images have no such similarity the list may still not be empty: some pairs agree by chance.
 */
export async function findViews(
  engine: Engine,
  matcher: Matcher,
  reference: KeypointImage,
  sensed: KeypointImage,
  options: FindViewsOptions,
): Promise<readonly FoundView[]> {
  const [n, m] = [reference.keypoints.count, sensed.keypoints.count];
  const rows = Math.max(64, Math.ceil(Math.max(n, m) / 64) * 64);
  const { signal } = options;
  const a = await keypointEncoder(engine, matcher, reference)(asItIs, rows, signal);
  const encode = keypointEncoder(engine, matcher, sensed);
  const views: FoundView[] = [];
  for (const scale of scales) {
    const b = await encode({ angle: 0, scale }, rows, signal);
    const { best, back } = await engine.run(`partners ${rows}`, () => partnersModel(rows), { a, b });
    for (let by = 0; by < vectorDirections; by++) {
      const part = (x: Float32Array): Float32Array => x.subarray(by * rows, (by + 1) * rows);
      const angle = (2 * Math.PI * by) / vectorDirections;
      const view = agreedView(mutualPairs(reference, sensed, part(best), part(back)), { angle, scale }, options);
      if (view !== null) views.push(view);
    }
    if (views.some(({ inliers }) => inliers > plainlyRight)) break;
  }
  return views.toSorted((p, q) => q.inliers - p.inliers);
}
