import { buildModel, createSession, input } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import { otherSensor, syntheticScene } from '../testing/synthetic-scene.js';
import { mind } from './mind.js';
import { orientedGradients } from './oriented-gradients.js';
import type { StructureFeatures } from './structure-features.js';

const size = 96;

async function describeImage(
  features: StructureFeatures,
  image: Float32Array,
  valid = new Float32Array(size * size).fill(1),
): Promise<Float32Array> {
  const shape = [1, 1, size, size];
  const model = buildModel({ outputs: { y: features.build(input('image', shape), input('valid', shape)).features } });
  await using session = await createSession(model);
  return (await session.run({ image, valid })).y as Float32Array;
}

/** Mean inner product of the features of two images, over their norms, away from the border. */
function likeness(a: Float32Array, b: Float32Array, shift = 0): number {
  const [plane, margin] = [size * size, 16];
  let [ab, aa, bb] = [0, 0, 0];
  for (let c = 0; c < a.length / plane; c++) {
    for (let y = margin; y < size - margin; y++) {
      for (let x = margin; x < size - margin; x++) {
        const [u, v] = [a[c * plane + y * size + x]!, b[c * plane + y * size + x + shift]!];
        ab += u * v;
        aa += u * u;
        bb += v * v;
      }
    }
  }
  return ab / Math.sqrt(aa * bb);
}

describe.each([mind(), orientedGradients()])('$name', (features) => {
  const scene = syntheticScene(size, size, 4);

  test('sees the same structure where contrast is reversed and bent', async () => {
    const [a, b] = [await describeImage(features, scene.data), await describeImage(features, otherSensor(scene).data)];
    expect(likeness(a, b)).toBeGreaterThan(0.8);
    expect(likeness(a, b, 6)).toBeLessThan(0.45);
  });

  test('other ground is unlike', async () => {
    const other = syntheticScene(size, size, 5);
    const [a, b] = [await describeImage(features, scene.data), await describeImage(features, other.data)];
    expect(Math.abs(likeness(a, b))).toBeLessThan(0.25);
  });

  test('gain and offset do not matter', async () => {
    const [a, b] = [
      await describeImage(features, scene.data),
      await describeImage(
        features,
        scene.data.map((v) => 30 * v - 900),
      ),
    ];
    expect(likeness(a, b)).toBeGreaterThan(0.999);
  });

  test('invalid ground has no features', async () => {
    const valid = new Float32Array(size * size).fill(1);
    for (let y = 0; y < size; y++) valid.fill(0, y * size, y * size + 40);
    const masked = await describeImage(features, scene.data, valid);
    for (let c = 0; c < features.channels; c++) {
      for (let x = 0; x < 40; x++) expect(Math.abs(masked[c * size * size + 50 * size + x]!)).toBe(0);
    }
    expect(masked.some((v) => v !== 0)).toBe(true);
  });
});
