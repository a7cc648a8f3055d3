import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine } from '@tiepoint/matching';
import { type MatrixTransform, type Plane, resamplePlane } from '@tiepoint/geometry';
import {
  type Shape,
  type Tensor,
  add,
  buildModel,
  constant,
  conv2d,
  decodeSafetensors,
  div,
  floatTensors,
  input,
  l2Normalize,
  mul,
  relu,
  slice,
  softmax,
  softplus,
  sub,
  transpose,
} from 'onnx-grad';
import type { KeypointMethodFactory } from './method.js';
import { type DescribedKeypoints, descriptorMethod } from './nearest-descriptors.js';

/** Arrays of a weights file by name. */
type Weights = ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;

/** What R2D2 says of an image. */
interface R2d2Maps {
  /** `[1, height, width, 128]`, of unit length. */
  readonly descriptors: Tensor;
  /** `[1, 1, height, width]`, 0 to 1. */
  readonly repeatability: Tensor;
  readonly reliability: Tensor;
}

/** Layers `ops.N`: index of the convolution, its dilation, whether normalisation and whether ReLU follow. */
const layers = [
  [0, 1, true, true],
  [3, 1, true, true],
  [6, 1, true, true],
  [9, 2, true, true],
  [12, 2, true, true],
  [15, 4, true, true],
  [18, 4, true, false],
  [20, 8, true, false],
  [22, 16, false, false],
] as const;

/** Names of all arrays of the network. */
const arrayNames: readonly string[] = [
  ...layers.flatMap(([index, , normalised]) => [
    `ops.${index}.weight`,
    `ops.${index}.bias`,
    ...(normalised ? [`ops.${index + 1}.running_mean`, `ops.${index + 1}.running_var`] : []),
  ]),
  ...['clf', 'sal'].flatMap((head) => [`${head}.weight`, `${head}.bias`]),
];

/** Reads R2D2's weights. @throws Error that names arrays which are missing, or which the network has no use for */
export function loadR2d2(file: Uint8Array): Weights {
  const found = floatTensors(decodeSafetensors(file));
  const missing = arrayNames.filter((name) => !found.has(name));
  const unknown = [...found.keys()].filter((name) => !arrayNames.includes(name));
  if (missing.length + unknown.length > 0) {
    throw new Error(`these are not R2D2's weights: without ${missing.join(', ')}; beside them ${unknown.join(', ')}`);
  }
  return found;
}

const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];

/**
 * R2D2 (Revaud et al. 2019) as published: a convolutional network at full resolution.
 *
 * @param grey - `[1, 1, height, width]`, 0 to 255, taken for all three colours
 */
export function r2d2Maps(weights: Weights, grey: Tensor): R2d2Maps {
  const array = (name: string): Tensor => {
    const { data, shape } = weights.get(name)!;
    return constant(data, shape);
  };
  const colours = (values: readonly number[]): Tensor => constant(Float32Array.from(values), [1, 3, 1, 1]);
  let x = div(sub(mul(grey, 1 / 255), colours(mean)), colours(deviation));
  for (const [index, dilation, normalised, rectified] of layers) {
    const kernel = array(`ops.${index}.weight`);
    const padding = ((kernel.shape[2]! - 1) * dilation) >> 1;
    x = conv2d(x, kernel, { padding, dilations: dilation, bias: array(`ops.${index}.bias`) });
    if (normalised) {
      const { data: m } = weights.get(`ops.${index + 1}.running_mean`)!;
      const { data: v } = weights.get(`ops.${index + 1}.running_var`)!;
      const column = [1, m.length, 1, 1];
      const inverse = Float32Array.from(v, (variance) => 1 / Math.sqrt(variance + 1e-5));
      x = mul(sub(x, constant(m, column)), constant(inverse, column));
    }
    if (rectified) x = relu(x);
  }
  const squared = mul(x, x);
  const head = (name: string): Tensor => conv2d(squared, array(`${name}.weight`), { bias: array(`${name}.bias`) });
  const sal = softplus(head('sal'));
  return {
    descriptors: l2Normalize(transpose(x, [0, 2, 3, 1]), -1),
    repeatability: div(sal, add(sal, 1)),
    reliability: slice(softmax(head('clf'), 1), { axes: [1], starts: [1], ends: [2] }),
  };
}

const length = 128;
/** Least repeatability and reliability of a keypoint. */
const least = 0.7;
/** Steps of the image pyramid, and the longer side at which it ends, px, as in the published extraction. */
const scaleStep = 2 ** 0.25;
const smallest = 256;

interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly score: number;
  readonly descriptor: Float32Array;
}

function maxima(values: Float32Array, width: number, height: number): number[] {
  const found: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    next: for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (values[i]! < least) continue;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) if (values[i + dy * width + dx]! > values[i]!) continue next;
      }
      found.push(i);
    }
  }
  return found;
}

/** Candidates this near each other are one place, px: the same corner at several scales. */
const samePlace = 2;

/** The best `count` places, each with the descriptors of all scales it was found at, so that none uses up two keypoints. */
function bestPlaces(candidates: readonly Candidate[], count: number): DescribedKeypoints {
  const places: Candidate[] = [];
  const kept: { readonly owner: number; readonly descriptor: Float32Array }[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    const { x, y, descriptor } = candidate;
    const near = places.findIndex((place) => Math.hypot(place.x - x, place.y - y) < samePlace);
    if (near < 0 && places.length >= count) continue;
    kept.push({ owner: near < 0 ? places.push(candidate) - 1 : near, descriptor });
  }
  const descriptors = new Float32Array(kept.length * length);
  for (const [i, { descriptor }] of kept.entries()) descriptors.set(descriptor, i * length);
  return {
    xy: Float64Array.from(places.flatMap(({ x, y }) => [x, y])),
    owner: Int32Array.from(kept, ({ owner }) => owner),
    descriptors,
  };
}

/** R2D2 with the published weights, over an image pyramid. */
export const r2d2Method: KeypointMethodFactory = async ({ peers }) => {
  const path = join(peers, 'r2d2_WASF_N16.safetensors');
  if (!existsSync(path)) return { absent: `there is no ${path}` };
  const weights = loadR2d2(await readFile(path));
  const engine = createEngine();
  const describe = async (plane: Plane, count: number): Promise<DescribedKeypoints> => {
    const candidates: Candidate[] = [];
    // Images below that are looked at as they are.
    const end = Math.min(1, smallest / Math.max(plane.width, plane.height));
    for (let scale = 1; scale > end - 1e-3; scale /= scaleStep) {
      const [width, height] = [Math.round(plane.width * scale), Math.round(plane.height * scale)];
      const [sx, sy] = [plane.width / width, plane.height / height];
      const toImage: MatrixTransform = { model: 'affine', matrix: [sx, 0, 0, 0, sy, 0, 0, 0, 1] };
      const level = scale === 1 ? plane : resamplePlane(plane, width, height, toImage);
      const shape = [1, 1, height, width];
      const build = () => buildModel({ outputs: { ...r2d2Maps(weights, input('grey', shape)) } });
      const maps = await engine.run(`r2d2 ${width}x${height}`, build, { grey: level.data });
      for (const i of maxima(maps.repeatability, width, height)) {
        if (level.mask?.[i] === 0 || maps.reliability[i]! < least) continue;
        candidates.push({
          x: ((i % width) + 0.5) * sx,
          y: (Math.floor(i / width) + 0.5) * sy,
          score: maps.repeatability[i]! * maps.reliability[i]!,
          descriptor: maps.descriptors.slice(i * length, (i + 1) * length),
        });
      }
    }
    return bestPlaces(candidates, count);
  };
  return descriptorMethod('r2d2', describe, () => engine.dispose());
};
