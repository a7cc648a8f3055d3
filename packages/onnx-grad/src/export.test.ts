import * as fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import {
  batchNorm,
  batchNormParameters,
  buildModel,
  conv,
  convParameters,
  createRandom,
  createSession,
  decodeSafetensors,
  encodeSafetensors,
  floatTensors,
  foldBatchNorm,
  inference,
  input,
  namedParameters,
  parameterConstants,
  relu,
  replaceParameters,
} from './index.js';
import { fromHalf, toHalf } from './half.js';

function network(seed: number) {
  const random = createRandom(seed);
  const norm = batchNormParameters(16);
  for (const { data } of [norm.mean, norm.shift]) data.forEach((_, i) => (data[i] = random.normal()));
  for (const { data } of [norm.variance, norm.scale]) data.forEach((_, i) => (data[i] = 0.5 + random.uniform()));
  return { blocks: [{ conv: convParameters(random, { inputs: 3, outputs: 16, kernel: 3 }), norm }] };
}

const image = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * i));
const x = input('x', [1, 3, 10, 10]);
const modelOf = (parameters: ReturnType<typeof network>, weights: 'float32' | 'float16' = 'float32') => {
  const [block] = parameterConstants(parameters).blocks;
  return buildModel({ outputs: { y: relu(batchNorm(block!.norm, conv(block!.conv, x), inference)) }, weights });
};

async function plain(bytes: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(bytes);
  const { y } = await session.run({ x: new Tensor('float32', image, [1, 3, 10, 10]) });
  await session.release();
  return y!.data as Float32Array;
}

describe('an exported model', () => {
  it('runs without this library', async () => {
    const model = modelOf(network(1));
    await using session = await createSession(model);
    expect(await plain(model.bytes)).toEqual((await session.run({ x: image })).y);
  });

  it('takes half the space with half floats and gives nearly the same', async () => {
    const [full, half] = [modelOf(network(1)), modelOf(network(1), 'float16')];
    expect(half.bytes.length).toBeLessThan(full.bytes.length * 0.75);
    const [a, b] = [await plain(full.bytes), await plain(half.bytes)];
    for (const [i, value] of a.entries()) expect(Math.abs(b[i]! - value)).toBeLessThan(0.01);
    expect(b).not.toEqual(a);
  });

  it('may have its normalisation folded into the convolution', async () => {
    const parameters = network(2);
    const [block] = parameters.blocks;
    const folded = parameterConstants(foldBatchNorm(block!.conv, block!.norm));
    const expected = await plain(modelOf(parameters).bytes);
    const got = await plain(buildModel({ outputs: { y: relu(conv(folded, x)) } }).bytes);
    for (const [i, value] of expected.entries()) expect(Math.abs(got[i]! - value)).toBeLessThan(1e-5);
  });
});

describe('weights', () => {
  it('travel by name through safetensors', () => {
    const trained = network(3);
    const named = [...namedParameters(trained)].map(
      ([name, { shape, data }]) => [name, { dtype: 'float32', shape, data }] as const,
    );
    expect(named.map(([name]) => name)).toContain('blocks.0.conv.weight');
    const file = encodeSafetensors({ tensors: new Map(named), metadata: { made: 'here' } });
    const stored = decodeSafetensors(file);
    expect(stored.metadata).toEqual({ made: 'here' });
    expect(replaceParameters(network(4), floatTensors(stored))).toEqual(trained);
  });

  it('that are missing, unknown or of another shape are named', () => {
    const values = new Map(namedParameters(network(1)));
    values.delete('blocks.0.norm.mean');
    expect(() => replaceParameters(network(1), values)).toThrow('no numbers for parameter blocks.0.norm.mean');
    expect(replaceParameters(network(1), values, { partial: true })).toEqual(network(1));
    values.set('extra', { shape: [1], data: new Float32Array(1), trainable: true });
    expect(() => replaceParameters(network(1), values)).toThrow('no parameter is called extra');
    values.delete('extra');
    values.set('blocks.0.norm.mean', { shape: [2], data: new Float32Array(2), trainable: true });
    expect(() => replaceParameters(network(1), values)).toThrow(
      'parameter blocks.0.norm.mean: shapes differ; got [16] and [2]',
    );
  });

  it('round to half floats as IEEE 754 says', () => {
    expect([1, -2, 65504, 65520, 1e-8, 2 ** -24, 2 ** -14, 0.1].map(toHalf)).toEqual([
      0x3c00, 0xc000, 0x7bff, 0x7c00, 0, 1, 0x0400, 0x2e66,
    ]);
    fc.assert(fc.property(fc.nat(0x7bff), (bits) => toHalf(fromHalf(bits)) === bits));
    // Halfway goes to the even neighbour.
    expect(toHalf((fromHalf(0x3c00) + fromHalf(0x3c01)) / 2)).toBe(0x3c00);
    expect(toHalf((fromHalf(0x3c01) + fromHalf(0x3c02)) / 2)).toBe(0x3c02);
    expect(Number.isNaN(fromHalf(toHalf(Number.NaN)))).toBe(true);
  });
});
