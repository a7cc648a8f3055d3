import {
  buildModel,
  createRandom,
  createSession,
  encodeSafetensors,
  input,
  type Shape,
  type StoredTensor,
} from 'onnx-grad';
import { expect, it } from 'vitest';
import { loadR2d2, r2d2Maps } from './r2d2.js';

/** Arrays as published, generated: normalisation that does nothing. */
function generated(): Map<string, { shape: Shape; data: Float32Array }> {
  const random = createRandom(1);
  const arrays = new Map<string, { shape: Shape; data: Float32Array }>();
  const add = (name: string, shape: readonly number[], value: () => number): void => {
    arrays.set(name, { shape, data: Float32Array.from({ length: shape.reduce((n, s) => n * s, 1) }, value) });
  };
  const widths = [3, 32, 32, 64, 64, 128, 128, 128, 128, 128];
  for (const [i, index] of [0, 3, 6, 9, 12, 15, 18, 20, 22].entries()) {
    const [inputs, outputs] = [widths[i]!, widths[i + 1]!];
    const kernel = i < 6 ? 3 : 2;
    const deviation = Math.sqrt(2 / (inputs * kernel * kernel));
    add(`ops.${index}.weight`, [outputs, inputs, kernel, kernel], () => deviation * random.normal());
    add(`ops.${index}.bias`, [outputs], () => 0);
    if (index === 22) continue;
    add(`ops.${index + 1}.running_mean`, [outputs], () => 0);
    add(`ops.${index + 1}.running_var`, [outputs], () => 1);
  }
  for (const [name, outputs] of [
    ['clf', 2],
    ['sal', 1],
  ] as const) {
    add(`${name}.weight`, [outputs, 128, 1, 1], () => 0.05 * random.normal());
    add(`${name}.bias`, [outputs], () => 0);
  }
  return arrays;
}

it('takes every array by its name, and no others', () => {
  const file = (change: (arrays: Map<string, StoredTensor>) => void): Uint8Array => {
    const tensors = new Map<string, StoredTensor>();
    for (const [name, array] of generated()) tensors.set(name, { dtype: 'float32', ...array });
    change(tensors);
    return encodeSafetensors({ tensors, metadata: {} });
  };
  expect(loadR2d2(file(() => undefined)).size).toBe(38);
  expect(() => loadR2d2(file((arrays) => arrays.delete('ops.19.running_var')))).toThrow(/ops\.19\.running_var/);
  const more: StoredTensor = { dtype: 'float32', shape: [1], data: new Float32Array(1) };
  expect(() => loadR2d2(file((arrays) => arrays.set('ops.24.weight', more)))).toThrow(/ops\.24\.weight/);
});

it('keeps the resolution, and centres what each pixel sees on it', async () => {
  const [height, width] = [61, 67];
  const maps = r2d2Maps(generated(), input('grey', [1, 1, height, width]));
  expect(maps.descriptors.shape).toEqual([1, height, width, 128]);
  await using session = await createSession(buildModel({ outputs: { ...maps } }));
  const flat = new Float32Array(height * width).fill(120);
  const dotted = flat.slice();
  const [x, y] = [33, 30];
  dotted[y * width + x] = 250;
  const [a, b] = [await session.run({ grey: flat }), await session.run({ grey: dotted })];
  let [sum, sx, sy] = [0, 0, 0];
  for (let i = 0; i < height * width; i++) {
    const changed = Math.abs(a.repeatability[i]! - b.repeatability[i]!);
    sum += changed;
    sx += changed * (i % width);
    sy += changed * Math.floor(i / width);
  }
  expect(sum).toBeGreaterThan(0);
  expect(Math.hypot(sx / sum - x, sy / sum - y)).toBeLessThan(7);
  expect(b.reliability.every((v) => v >= 0 && v <= 1)).toBe(true);
  expect(Math.hypot(...b.descriptors.subarray(0, 128))).toBeCloseTo(1, 4);
});
