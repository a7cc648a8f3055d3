import {
  OnnxGradError,
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
import { loadSuperPoint, superPointMaps, superPointParameters } from './superpoint-network.js';

/** A file of arrays as published, generated. */
function generated(change: (arrays: Map<string, StoredTensor>) => void = () => undefined): Uint8Array {
  const arrays = new Map<string, StoredTensor>();
  for (const [name, { shape, data }] of namedParameters(superPointParameters(createRandom(1)))) {
    arrays.set(name, { dtype: 'float32', shape, data });
  }
  change(arrays);
  return encodeSafetensors({ tensors: arrays, metadata: {} });
}

it('loads weights by the published names, and says which are wrong', () => {
  const names = [...namedParameters(loadSuperPoint(generated())).keys()];
  expect(names).toHaveLength(24);
  expect(names).toContain('convPb.weight');
  expect(() => loadSuperPoint(generated((arrays) => arrays.delete('conv3a.bias')))).toThrow(/conv3a\.bias/);
  const turned: StoredTensor = { dtype: 'float32', shape: [64], data: new Float32Array(64) };
  expect(() => loadSuperPoint(generated((arrays) => arrays.set('conv4a.bias', turned)))).toThrow(OnnxGradError);
});

it('puts each channel of the head on its pixel of the square, row by row, and leaves out the last', async () => {
  const channel = 3 * 8 + 5;
  const file = generated((arrays) => {
    const { shape, data } = arrays.get('convPb.bias')!;
    const bias = new Float32Array(data.length);
    bias[channel] = 5;
    bias[64] = 6;
    arrays.set('convPb.bias', { dtype: 'float32', shape, data: bias });
    const weight = arrays.get('convPb.weight')!;
    arrays.set('convPb.weight', { ...weight, data: new Float32Array(weight.data.length) });
  });
  const maps = superPointMaps(parameterConstants(loadSuperPoint(file)), input('grey', [1, 1, 16, 24]));
  await using session = await createSession(buildModel({ outputs: { ...maps } }));
  const { heat, descriptors } = await session.run({ grey: new Float32Array(16 * 24).fill(0.5) });
  const wanted = Math.exp(5) / (Math.exp(5) + Math.exp(6) + 63);
  for (const [i, v] of heat.entries()) {
    const there = Math.floor(i / 24) % 8 === 3 && (i % 24) % 8 === 5;
    if (there) expect(v).toBeCloseTo(wanted, 4);
    else expect(v).toBeLessThan(0.01);
  }
  expect(Math.hypot(...descriptors.subarray(0, 256))).toBeCloseTo(1, 4);
});
