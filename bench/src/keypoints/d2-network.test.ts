import {
  buildModel,
  createRandom,
  createSession,
  encodeSafetensors,
  input,
  namedParameters,
  parameterConstants,
  type StoredTensor,
} from 'onnx-grad';
import { expect, it } from 'vitest';
import { d2Detections } from './d2-detection.js';
import { d2Features, d2Parameters, loadD2 } from './d2-network.js';

/** A file of arrays as published, generated. */
function generated(change: (arrays: Map<string, StoredTensor>) => void = () => undefined): Uint8Array {
  const arrays = new Map<string, StoredTensor>();
  for (const [name, { shape, data }] of namedParameters(d2Parameters(createRandom(1)))) {
    arrays.set(name, { dtype: 'float32', shape, data });
  }
  change(arrays);
  return encodeSafetensors({ tensors: arrays, metadata: {} });
}

it('loads weights by the published names, and says which are missing', () => {
  const names = [...namedParameters(loadD2(generated())).keys()];
  expect(names).toHaveLength(20);
  expect(names).toContain('dense_feature_extraction.model.21.bias');
  const without = (name: string): Uint8Array => generated((arrays) => arrays.delete(name));
  expect(() => loadD2(without('dense_feature_extraction.model.17.weight'))).toThrow(/model\.17\.weight/);
});

it('sees a quarter of the resolution, and takes away the means', async () => {
  const image = input('grey', [1, 1, 32, 40]);
  const features = d2Features(parameterConstants(loadD2(generated())), image);
  expect(features.shape).toEqual([1, 512, 7, 9]);
  await using session = await createSession(buildModel({ outputs: { features } }));
  const at = async (grey: number): Promise<number> => {
    const found = (await session.run({ grey: new Float32Array(32 * 40).fill(grey) })).features;
    return found.reduce((most, v) => Math.max(most, v), 0);
  };
  // Near the means there is next to nothing left; rectified features are never negative.
  expect(await at(115)).toBeLessThan(0.3 * (await at(255)));
});

it('finds blobs between the samples, but no edges', async () => {
  const [width, height] = [20, 16];
  const data = new Float32Array(2 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    data[i] = Math.exp(-((x - 6.3) ** 2 + (y - 7.8) ** 2) / 4);
    data[width * height + i] = 0.8 * Math.exp(-((x - 14) ** 2) / 4 - (y - 8) ** 2 / 4000);
  }
  const found = d2Detections(input('features', [1, 2, height, width]));
  await using session = await createSession(buildModel({ outputs: { ...found } }));
  const { strength, right, down } = await session.run({ features: data });
  const places = [...strength.keys()].filter((i) => strength[i]! > 0.1);
  expect(places).toEqual([8 * width + 6]);
  expect(right[places[0]!]).toBeCloseTo(0.3, 1);
  expect(down[places[0]!]).toBeCloseTo(-0.2, 1);
});
