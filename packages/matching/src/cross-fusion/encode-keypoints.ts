import type { Plane } from '@tiepoint/geometry';
import { buildModel, inference, input, type Model, parameterConstants, type Tensor } from 'onnx-grad';
import type { Keypoints } from '../detection/keypoints.js';
import type { Engine } from '../engine.js';
import { allocatePatches } from '../image/patches.js';
import { polarGrid, samplePolarPatch, standardisePatch } from '../image/polar-patches.js';
import { createPyramid } from '../image/pyramid.js';
import { vectorLength } from './encoder.js';
import type { ImageView } from './image-view.js';
import type { CrossFusionNetwork, CrossFusionParameters } from './networks.js';

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
}

/** Patches encoded in one run. */
const batch = 64;

/**
 * Encodes the patches of keypoints of an image, turned and scaled.
 *
 * @returns a function from a view to `rows · 256` numbers, of which those beyond the keypoints are 0
 */
export function keypointEncoder(
  engine: Engine,
  { network, parameters, name }: Matcher,
  { plane, keypoints }: KeypointImage,
): (view: ImageView, rows: number, signal?: AbortSignal) => Promise<Float32Array> {
  const pyramid = createPyramid(plane);
  const { rings, directions } = polarGrid;
  const patches = allocatePatches(batch, directions, rings);
  const build = (): Model<{ readonly vectors: Tensor }> => {
    const patch = input('patches', [batch, 1, rings, directions]);
    return buildModel({ outputs: { vectors: network.encode(parameterConstants(parameters), patch, inference) } });
  };
  return async ({ angle, scale }, rows, signal) => {
    const vectors = new Float32Array(rows * vectorLength);
    const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const toImage = [c, -s, s, c] as const;
    for (let first = 0; first < keypoints.count; first += batch) {
      signal?.throwIfAborted();
      const size = Math.min(batch, keypoints.count - first);
      patches.data.fill(0);
      for (let i = 0; i < size; i++) {
        const [x, y] = [keypoints.xy[2 * (first + i)]!, keypoints.xy[2 * (first + i) + 1]!];
        samplePolarPatch(pyramid, { x, y, toImage, radius: network.patch / 2 }, patches, i);
        standardisePatch(patches, i);
      }
      const found = await engine.run(`encoder ${network.name} ${name}`, build, { patches: patches.data });
      vectors.set(found.vectors.subarray(0, size * vectorLength), first * vectorLength);
    }
    return vectors;
  };
}
