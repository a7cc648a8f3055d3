import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plane } from '@tiepoint/geometry';
import { chooseKeypoints, createEngine } from '@tiepoint/matching';
import { buildModel, input, parameterConstants } from 'onnx-grad';
import type { KeypointMethodFactory } from './method.js';
import { type DescribedKeypoints, descriptorMethod } from './nearest-descriptors.js';
import { sampleDescriptors } from './sample-descriptors.js';
import { loadSuperPoint, superPointMaps } from './superpoint-network.js';

const length = 256;
/** Least heat, radius of suppression and border of the published demonstration. */
const choice = { count: 'all', threshold: 0.015, radius: 4, border: 4 } as const;

/** The image, 0 to 1, cut to multiples of 8. */
function wholeCells({ width, height, data }: Plane): { width: number; height: number; grey: Float32Array } {
  const [w, h] = [width - (width % 8), height - (height % 8)];
  const grey = Float32Array.from({ length: w * h }, (_, i) => data[Math.floor(i / w) * width + (i % w)]! / 255);
  return { width: w, height: h, grey };
}

/** SuperPoint with weights in `superpoint_v1.safetensors`: the published arrays under their own names. */
export const superPointMethod: KeypointMethodFactory = async ({ peers }) => {
  const path = join(peers, 'superpoint_v1.safetensors');
  if (!existsSync(path)) return { absent: `there is no ${path}` };
  const parameters = loadSuperPoint(await readFile(path));
  const engine = createEngine();
  const describe = async (plane: Plane, count: number): Promise<DescribedKeypoints> => {
    const { width, height, grey } = wholeCells(plane);
    const build = () =>
      buildModel({
        outputs: { ...superPointMaps(parameterConstants(parameters), input('grey', [1, 1, height, width])) },
      });
    const { heat, descriptors } = await engine.run(`superpoint ${width}x${height}`, build, { grey });
    const mask =
      plane.mask && Uint8Array.from(heat, (_, i) => plane.mask![Math.floor(i / width) * plane.width + (i % width)]!);
    const found = chooseKeypoints({ width, height, confidence: heat, ...(mask ? { mask } : {}) }, choice);
    const xy = found.xy.slice(0, 2 * count);
    const size = { width: width / 8, height: height / 8, length };
    return {
      xy,
      descriptors: sampleDescriptors(
        descriptors,
        size,
        xy.map((v) => v / 8 - 0.5),
      ),
    };
  };
  return descriptorMethod('superpoint', describe, () => engine.dispose());
};
