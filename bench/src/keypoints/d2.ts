import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine } from '@tiepoint/matching';
import { type MatrixTransform, type Plane, resamplePlane } from '@tiepoint/geometry';
import { buildModel, input, l2Normalize, parameterConstants, transpose } from 'onnx-grad';
import { d2Detections } from './d2-detection.js';
import { d2Features, loadD2 } from './d2-network.js';
import type { KeypointMethodFactory } from './method.js';
import { type DescribedKeypoints, descriptorMethod } from './nearest-descriptors.js';
import { sampleDescriptors } from './sample-descriptors.js';

const length = 512;

/** The image as it is, or resampled to sides that are multiples of 4. */
function wholeSquares(plane: Plane): Plane {
  const [width, height] = [plane.width - (plane.width % 4), plane.height - (plane.height % 4)];
  if (width === plane.width && height === plane.height) return plane;
  const same: MatrixTransform = { model: 'affine', matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  return resamplePlane(plane, width, height, same, { kernel: 'nearest' });
}

/** D2-Net at one scale with weights in `d2_tf.safetensors`: the published arrays under their own names. */
export const d2Method: KeypointMethodFactory = async ({ peers }) => {
  const path = join(peers, 'd2_tf.safetensors');
  if (!existsSync(path)) return { absent: `there is no ${path}` };
  const parameters = loadD2(await readFile(path));
  const engine = createEngine();
  const describe = async (plane: Plane, count: number): Promise<DescribedKeypoints> => {
    const { width, height, data, mask } = wholeSquares(plane);
    const build = () => {
      const features = d2Features(parameterConstants(parameters), input('grey', [1, 1, height, width]));
      const descriptors = l2Normalize(transpose(features, [0, 2, 3, 1]), -1);
      return buildModel({ outputs: { ...d2Detections(features), descriptors } });
    };
    const found = await engine.run(`d2 ${width}x${height}`, build, { grey: data });
    // Pooling of stride 1 takes a row and a column.
    const [columns, rows] = [width / 4 - 1, height / 4 - 1];
    const places = [...found.strength.keys()]
      .filter((i) => found.strength[i]! > 0)
      .toSorted((a, b) => found.strength[b]! - found.strength[a]!)
      .map((i) => [(i % columns) + found.right[i]!, Math.floor(i / columns) + found.down[i]!] as const)
      // Half a sample of that pooling, and the middle of a sample's four pixels.
      .filter(([u, v]) => mask?.[Math.floor(4 * v + 4) * width + Math.floor(4 * u + 4)] !== 0)
      .slice(0, count);
    const xy = Float64Array.from(places.flatMap(([u, v]) => [4 * u + 4, 4 * v + 4]));
    const size = { width: columns, height: rows, length };
    return { xy, descriptors: sampleDescriptors(found.descriptors, size, Float64Array.from(places.flat())) };
  };
  return descriptorMethod('d2-net', describe, () => engine.dispose());
};
