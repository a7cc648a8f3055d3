import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plane } from '@tiepoint/geometry';
import { chooseKeypoints, createEngine } from '@tiepoint/matching';
import { buildModel, input, parameterConstants } from 'onnx-grad';
import type { KeypointMethod, KeypointMethodFactory } from './method.js';
import { type DescribedKeypoints, descriptorMethod } from './nearest-descriptors.js';
import { sampleDescriptors } from './sample-descriptors.js';
import { loadSuperPoint, superPointMaps } from './superpoint-network.js';

const length = 256;
/** Radius of suppression of the published demonstration, px. */
const radius = 4;

/** Weights of SuperPoint, and how they want to see images. */
interface SuperPointWeights {
  readonly name: string;
  readonly path: string;
  /** Px from the border and invalid ground at which there are no keypoints. */
  readonly border: number;
  /** Least heat of a keypoint. */
  readonly threshold: number;
  /** Grey values as the network was trained on, of 0 to 255. */
  readonly greys: (data: Float32Array, mask: Uint8Array | undefined) => Float32Array;
}

/** The image cut to multiples of 8. */
function wholeCells({ width, height, data }: Plane): { width: number; height: number; data: Float32Array } {
  const [w, h] = [width - (width % 8), height - (height % 8)];
  const cut = Float32Array.from({ length: w * h }, (_, i) => data[Math.floor(i / w) * width + (i % w)]!);
  return { width: w, height: h, data: cut };
}

async function openSuperPoint({
  name,
  path,
  border,
  threshold,
  greys,
}: SuperPointWeights): Promise<KeypointMethod | { readonly absent: string }> {
  if (!existsSync(path)) return { absent: `there is no ${path}` };
  const file = await readFile(path);
  const parameters = loadSuperPoint(file);
  const version = `${createHash('sha256').update(file).digest('hex').slice(0, 12)}; border ${border}`;
  const engine = createEngine();
  const describe = async (plane: Plane, count: number): Promise<DescribedKeypoints> => {
    const { width, height, data } = wholeCells(plane);
    const build = () =>
      buildModel({
        outputs: { ...superPointMaps(parameterConstants(parameters), input('grey', [1, 1, height, width])) },
      });
    const mask =
      plane.mask && Uint8Array.from(data, (_, i) => plane.mask![Math.floor(i / width) * plane.width + (i % width)]!);
    const grey = greys(data, mask);
    const { heat, descriptors } = await engine.run(`superpoint ${width}x${height}`, build, { grey });
    const map = { width, height, confidence: heat, ...(mask ? { mask } : {}) };
    const xy = chooseKeypoints(map, { count: 'all', radius, border, threshold }).xy.slice(0, 2 * count);
    const size = { width: width / 8, height: height / 8, length };
    const places = xy.map((v) => v / 8 - 0.5);
    return { xy, descriptors: sampleDescriptors(descriptors, size, places) };
  };
  return { ...descriptorMethod(name, describe, () => engine.dispose()), version };
}

/** SuperPoint with weights in `superpoint_v1.safetensors`: the published arrays under their own names. */
export const superPointMethod: KeypointMethodFactory = ({ peers }) =>
  openSuperPoint({
    name: 'superpoint',
    path: join(peers, 'superpoint_v1.safetensors'),
    // As in the published demonstration.
    border: 4,
    threshold: 0.015,
    greys: (data) => data.map((v) => v / 255),
  });

/** SuperPoint's architecture trained here (`npm run train-superpoint`): a stand-in where the published weights are not at hand. */
export const superPointStandInMethod: KeypointMethodFactory = async ({ weights }) => {
  if (weights === undefined) return { absent: 'name the folder of superpoint-stand-in.safetensors: --weights' };
  return await openSuperPoint({
    name: 'superpoint-stand-in',
    path: join(weights, 'superpoint-stand-in.safetensors'),
    // What does not count in its training, a quarter of crops of 128 px.
    border: 32,
    threshold: 0,
    // As crops are standardised in training.
    greys(data, mask) {
      const valid = mask === undefined ? data : data.filter((_, i) => mask[i] === 1);
      const mean = valid.reduce((sum, v) => sum + v, 0) / valid.length;
      const deviation = Math.sqrt(valid.reduce((sum, v) => sum + (v - mean) ** 2, 0) / valid.length);
      return data.map((v, i) => (mask?.[i] === 0 ? 0 : (v - mean) / Math.max(deviation, 0.5)));
    },
  });
};
