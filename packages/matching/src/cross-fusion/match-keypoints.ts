import { argMax, buildModel, cast, input, parameterConstants, reduceMax, reshape } from 'onnx-grad';
import type { Engine } from '../engine.js';
import { type KeypointImage, keypointEncoder, type Matcher } from './encode-keypoints.js';
import { asItIs, type ImageView } from './image-view.js';
import { vectorLength } from './encoder.js';
import { matchingMatrix } from './networks.js';
import { relativePlaces } from './position.js';

/** How {@link matchKeypoints} chooses. */
export interface MatchKeypointsOptions {
  /** Matches with a score below are left out; default 0. */
  readonly threshold?: number | undefined;
  /** How the sensed image lies to the reference, nearly; default as it is. */
  readonly view?: ImageView | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Keypoints that are each other's most likely match: entry i of each array belongs to one pair. */
export interface KeypointMatches {
  readonly count: number;
  /** Indices of keypoints of the reference. */
  readonly reference: Int32Array;
  /** Indices of keypoints of the sensed image. */
  readonly sensed: Int32Array;
  /** Entries of the matching matrix, 0 to 1. */
  readonly score: Float32Array;
}

/** Added to scores of rows that only fill the arrays: no attention, but no infinity either. */
const absent = -1e4;

/** Rows for this many keypoints: few different counts keep the graphs few. */
function rowsFor(count: number): number {
  return Math.max(128, Math.ceil(count / 128) * 128);
}

function matchModel({ network, parameters }: Matcher, a: number, b: number) {
  const logits = network.match(
    parameterConstants(parameters),
    input('a', [1, a, vectorLength]),
    input('b', [1, b, vectorLength]),
    {
      placesA: input('placesA', [1, a, 2]),
      placesB: input('placesB', [1, b, 2]),
      maskA: input('maskA', [1, 1, 1, a]),
      maskB: input('maskB', [1, 1, 1, b]),
    },
  );
  const matrix = reshape(matchingMatrix(logits), [a, b]);
  return buildModel({
    outputs: {
      best: cast(argMax(matrix, 1), 'float32'),
      back: cast(argMax(matrix, 0), 'float32'),
      score: reduceMax(matrix, { axes: [1] }),
    },
  });
}

function maskOf(rows: number, count: number): Float32Array {
  return new Float32Array(rows).fill(absent, count);
}

/** The most likely partner of each reference keypoint, mutual or not: what precision and recall are measured on. */
export interface NearestKeypoints {
  /** Index in the sensed image of each reference keypoint's. */
  readonly partner: Int32Array;
  /** Entry of the matching matrix. */
  readonly score: Float32Array;
  /** Index in the reference of each sensed keypoint's. */
  readonly back: Int32Array;
}

/** Finds the most likely partner of each keypoint, with the sensed image seen as `view` says; as it is unless named. */
export type NearestInView = (view?: ImageView, signal?: AbortSignal) => Promise<NearestKeypoints>;

/** Prepares two images to be matched in one view after another: the reference's keypoints are encoded only once. */
export function nearestInViews(
  engine: Engine,
  matcher: Matcher,
  reference: KeypointImage,
  sensed: KeypointImage,
): NearestInView {
  const [n, m] = [reference.keypoints.count, sensed.keypoints.count];
  if (n === 0 || m === 0) {
    return async () => ({
      partner: new Int32Array(n).fill(-1),
      score: new Float32Array(n),
      back: new Int32Array(m).fill(-1),
    });
  }
  const [rowsA, rowsB] = [rowsFor(n), rowsFor(m)];
  const [encodeA, encodeB] = [reference, sensed].map((image) => keypointEncoder(engine, matcher, image));
  const half = Math.max(reference.plane.width, reference.plane.height) / 2;
  const key = `fusion ${matcher.network.name} ${matcher.name} ${rowsA}x${rowsB}`;
  const placesA = relativePlaces(reference.keypoints.xy, reference.plane, asItIs, half, rowsA);
  const [maskA, maskB] = [maskOf(rowsA, n), maskOf(rowsB, m)];
  let a: Float32Array | undefined;
  return async (view = asItIs, signal) => {
    a ??= await encodeA!(asItIs, rowsA, signal);
    const b = await encodeB!(view, rowsB, signal);
    const placesB = relativePlaces(sensed.keypoints.xy, sensed.plane, view, half, rowsB);
    const build = (): ReturnType<typeof matchModel> => matchModel(matcher, rowsA, rowsB);
    const found = await engine.run(key, build, { a, b, placesA, placesB, maskA, maskB });
    return {
      partner: Int32Array.from(found.best.subarray(0, n)),
      score: found.score.slice(0, n),
      back: Int32Array.from(found.back.subarray(0, m)),
    };
  };
}

/** The pairs that are each other's most likely match. */
export function mutualMatches({ partner, score, back }: NearestKeypoints, threshold = 0): KeypointMatches {
  const kept = [...partner.keys()].filter((i) => back[partner[i]!] === i && score[i]! >= threshold);
  return {
    count: kept.length,
    reference: Int32Array.from(kept),
    sensed: Int32Array.from(kept, (i) => partner[i]!),
    score: Float32Array.from(kept, (i) => score[i]!),
  };
}

/** Matches the keypoints of two images by a cross-fusion network: mutual nearest neighbours in its matching matrix. */
export async function matchKeypoints(
  engine: Engine,
  matcher: Matcher,
  reference: KeypointImage,
  sensed: KeypointImage,
  options: MatchKeypointsOptions = {},
): Promise<KeypointMatches> {
  const { view, threshold, signal } = options;
  return mutualMatches(await nearestInViews(engine, matcher, reference, sensed)(view, signal), threshold);
}
