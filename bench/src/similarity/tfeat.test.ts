import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '@tiepoint/matching';
import { createRandom, encodeSafetensors, namedParameters, type StoredTensor } from 'onnx-grad';
import { expect, test } from 'vitest';
import { patchArea, patchSide } from './measure.js';
import { discs, pairUp } from './testing.js';
import { emptyTFeat, tfeatMeasure } from './tfeat.js';

const random = createRandom(4);
const weights = new Map<string, StoredTensor>(
  [...namedParameters(emptyTFeat())].map(([name, { shape }]) => {
    const count = shape.reduce((product, length) => product * length, 1);
    const deviation = name.endsWith('bias') ? 0.1 : 1 / Math.sqrt(count / shape[0]!);
    const data = Float32Array.from({ length: count }, () => deviation * random.normal());
    return [name, { dtype: 'float32' as const, shape, data }];
  }),
);

/** The network in loops, as its paper and file say. */
function descriptor(patch: Float32Array): Float32Array {
  const of = (name: string): Float32Array => weights.get(name)!.data as Float32Array;
  const mean = patch.reduce((sum, v) => sum + v, 0) / patchArea;
  const variance = patch.reduce((sum, v) => sum + (v - mean) ** 2, 0) / patchArea;
  const conv = (x: Float32Array, inputs: number, side: number, name: string, outputs: number, k: number) => {
    const out = side - k + 1;
    return Float32Array.from({ length: outputs * out * out }, (_, i) => {
      const [o, y, column] = [Math.floor(i / (out * out)), Math.floor((i % (out * out)) / out), i % out];
      let sum = of(`${name}.bias`)[o]!;
      for (let c = 0; c < inputs; c++)
        for (let v = 0; v < k; v++)
          for (let u = 0; u < k; u++)
            sum +=
              of(`${name}.weight`)[((o * inputs + c) * k + v) * k + u]! * x[(c * side + y + v) * side + column + u]!;
      return Math.tanh(sum);
    });
  };
  const normal = patch.map((v) => (v - mean) / Math.sqrt(variance + 1e-5));
  const first = conv(normal, 1, patchSide, 'features.1', 32, 7);
  const pooled = Float32Array.from({ length: 32 * 13 * 13 }, (_, i) => {
    const [c, y, x] = [Math.floor(i / 169), Math.floor((i % 169) / 13), i % 13];
    const at = (v: number, u: number): number => first[(c * 26 + 2 * y + v) * 26 + 2 * x + u]!;
    return Math.max(at(0, 0), at(0, 1), at(1, 0), at(1, 1));
  });
  const second = conv(pooled, 32, 13, 'features.4', 64, 6);
  return Float32Array.from({ length: 128 }, (_, o) => {
    const row = of('descr.0.weight').subarray(o * 4096, (o + 1) * 4096);
    return Math.tanh(row.reduce((sum, w, i) => sum + w * second[i]!, of('descr.0.bias')[o]!));
  });
}

test('reads weights by name and computes what the network says', async () => {
  await using engine = createEngine();
  const folder = await mkdtemp(join(tmpdir(), 'tfeat-'));
  try {
    const path = join(folder, 'tfeat.safetensors');
    await writeFile(path, encodeSafetensors({ tensors: weights, metadata: {} }));
    const measure = await tfeatMeasure(engine, path);
    if ('absent' in measure) throw new Error(measure.absent);
    const [a, b] = [discs(1), discs(2)];
    const [same, other] = await measure.score(pairUp([a, a], [a, b]), 2);
    const [da, db] = [descriptor(a), descriptor(b)];
    expect(same).toBeCloseTo(0, 4);
    expect(other).toBeCloseTo(-Math.hypot(...da.map((v, i) => v - db[i]!)), 3);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('says that the weights are missing', async () => {
  await using engine = createEngine();
  expect(await tfeatMeasure(engine, '/nowhere/tfeat.safetensors')).toHaveProperty('absent');
});
