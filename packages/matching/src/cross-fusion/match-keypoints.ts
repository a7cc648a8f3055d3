import type { Plane } from '@tiepoint/geometry';
import {
  argMax,
  buildModel,
  cast,
  inference,
  input,
  type Model,
  parameterConstants,
  reduceMax,
  reshape,
  type Tensor,
} from 'onnx-grad';
import type { Keypoints } from '../detection/keypoints.js';
import type { Engine } from '../engine.js';
import { allocatePatches, type Patches, samplePatch } from '../image/patches.js';
import { createPyramid } from '../image/pyramid.js';
import { vectorLength } from './encoder.js';
import { type CrossFusionNetwork, type CrossFusionParameters, matchingMatrix } from './networks.js';
import { relativePlaces } from './position.js';

/** A network with what it has learned. */
export interface Matcher {
  /** Names the weights: an engine takes matchers of one name to be the same. */
  readonly name: string;
  readonly network: CrossFusionNetwork;
  readonly parameters: CrossFusionParameters;
}

/** An image and its keypoints. */
export interface KeypointImage {
  readonly plane: Plane;
  readonly keypoints: Pick<Keypoints, 'count' | 'xy'>;
  /** Image px a patch px; default 1. */
  readonly step?: number;
}

/** How {@link matchKeypoints} chooses. */
export interface MatchKeypointsOptions {
  /** Matches with a score below are left out; default 0. */
  readonly threshold?: number;
  readonly signal?: AbortSignal;
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

/** Patches encoded in one run. */
const batch = 64;
/** Added to scores of rows that only fill the arrays: no attention, but no infinity either. */
const absent = -1e4;

/** Rows for this many keypoints: few different counts keep the graphs few. */
function rowsFor(count: number): number {
  return Math.max(128, Math.ceil(count / 128) * 128);
}

function standardise({ data, valid }: Patches, index: number, area: number): void {
  let [sum, squares, count] = [0, 0, 0];
  const [from, to] = [index * area, (index + 1) * area];
  for (let i = from; i < to; i++) {
    if (valid[i] === 0) continue;
    sum += data[i]!;
    squares += data[i]! ** 2;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  const deviation = count > 0 ? Math.sqrt(Math.max(squares / count - mean * mean, 0)) : 0;
  const factor = deviation > 1e-6 * Math.max(1, Math.abs(mean)) ? 1 / deviation : 0;
  for (let i = from; i < to; i++) data[i] = valid[i] === 0 ? 0 : (data[i]! - mean) * factor;
}

/** The vectors of all keypoints, `rows` of which those beyond the keypoints are 0. */
async function encodeAll(engine: Engine, matcher: Matcher, image: KeypointImage, rows: number): Promise<Float32Array> {
  const { network, parameters, name } = matcher;
  const { patch } = network;
  const { count, xy } = image.keypoints;
  const pyramid = createPyramid(image.plane);
  const vectors = new Float32Array(rows * vectorLength);
  const patches = allocatePatches(batch, patch, patch);
  const build = (): Model<{ readonly vectors: Tensor }> =>
    buildModel({
      outputs: {
        vectors: network.encode(parameterConstants(parameters), input('patches', [batch, 1, patch, patch]), inference),
      },
    });
  for (let first = 0; first < count; first += batch) {
    const size = Math.min(batch, count - first);
    patches.data.fill(0);
    for (let i = 0; i < size; i++) {
      const [x, y] = [xy[2 * (first + i)]!, xy[2 * (first + i) + 1]!];
      samplePatch(pyramid, { x, y, step: image.step ?? 1, toImage: null }, patches, i);
      standardise(patches, i, patch * patch);
    }
    const found = await engine.run(`encoder ${network.name} ${name}`, build, { patches: patches.data });
    vectors.set(found.vectors.subarray(0, size * vectorLength), first * vectorLength);
  }
  return vectors;
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

/** Finds the most likely partner of each keypoint. */
export async function nearestKeypoints(
  engine: Engine,
  matcher: Matcher,
  reference: KeypointImage,
  sensed: KeypointImage,
  signal?: AbortSignal,
): Promise<NearestKeypoints> {
  const [n, m] = [reference.keypoints.count, sensed.keypoints.count];
  if (n === 0 || m === 0) {
    return { partner: new Int32Array(n).fill(-1), score: new Float32Array(n), back: new Int32Array(m).fill(-1) };
  }
  const [rowsA, rowsB] = [rowsFor(n), rowsFor(m)];
  const a = await encodeAll(engine, matcher, reference, rowsA);
  signal?.throwIfAborted();
  const b = await encodeAll(engine, matcher, sensed, rowsB);
  signal?.throwIfAborted();
  const key = `fusion ${matcher.network.name} ${matcher.name} ${rowsA}x${rowsB}`;
  const found = await engine.run(key, () => matchModel(matcher, rowsA, rowsB), {
    a,
    b,
    placesA: relativePlaces(reference.keypoints.xy, reference.plane, rowsA),
    placesB: relativePlaces(sensed.keypoints.xy, sensed.plane, rowsB),
    maskA: maskOf(rowsA, n),
    maskB: maskOf(rowsB, m),
  });
  return {
    partner: Int32Array.from(found.best.subarray(0, n)),
    score: found.score.slice(0, n),
    back: Int32Array.from(found.back.subarray(0, m)),
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
  const { partner, score, back } = await nearestKeypoints(engine, matcher, reference, sensed, options.signal);
  const kept = [...partner.keys()].filter((i) => back[partner[i]!] === i && score[i]! >= (options.threshold ?? 0));
  return {
    count: kept.length,
    reference: Int32Array.from(kept),
    sensed: Int32Array.from(kept, (i) => partner[i]!),
    score: Float32Array.from(kept, (i) => score[i]!),
  };
}
