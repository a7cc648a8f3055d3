import { createRandom } from '@tiepoint/geometry';
import { buildModel, input } from 'onnx-grad';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../engine.js';
import { describePatches } from './describe.js';
import { hopc } from './hopc.js';
import { phaseCongruency } from './phase-congruency.js';

const size = 96;
const engine = createEngine();
afterAll(() => engine.dispose());

/** Rectangles of random grey, each over the ones before, on a field larger than the patches cut from it. */
function scene(seed: number, field = 128): Float32Array {
  const random = createRandom(seed);
  const data = new Float32Array(field * field).fill(100);
  for (let i = 0; i < 60; i++) {
    const [x, y] = [random.integer(field), random.integer(field)];
    const [w, h] = [6 + random.integer(30), 6 + random.integer(30)];
    const grey = 255 * random.uniform();
    for (let row = y; row < Math.min(field, y + h); row++) {
      data.fill(grey, row * field + x, row * field + Math.min(field, x + w));
    }
  }
  return data.map((v) => v + random.normal());
}

function cut(field: Float32Array, x: number, y: number): Float32Array {
  const side = Math.sqrt(field.length);
  const patch = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    patch.set(field.subarray((y + row) * side + x, (y + row) * side + x + size), row * size);
  }
  return patch;
}

async function featuresOf(
  data: Float32Array,
  valid = new Float32Array(data.length).fill(1),
): Promise<{ features: Float32Array; support: Float32Array }> {
  return describePatches(engine, hopc(), { count: 1, width: size, height: size, data, valid });
}

/** Mean inner product over the pixels (column, row) of the margin-free middle and those (dx, dy) beside them in `b`. */
function agreement(a: Float32Array, b: Float32Array, dx = 0, dy = 0): number {
  let [product, energyA, energyB] = [0, 0, 0];
  for (let c = 0; c < hopc().channels; c++) {
    for (let y = 24; y < size - 24; y++) {
      for (let x = 24; x < size - 24; x++) {
        const p = a[(c * size + y) * size + x]!;
        const q = b[(c * size + y + dy) * size + x + dx]!;
        product += p * q;
        energyA += p * p;
        energyB += q * q;
      }
    }
  }
  return product / Math.sqrt(energyA * energyB);
}

describe('hopc', () => {
  const field = scene(1);
  const image = cut(field, 10, 10);

  it('moves with the image', async () => {
    const { features } = await featuresOf(image);
    const moved = await featuresOf(cut(field, 7, 15));
    expect(agreement(features, moved.features, 3, -5)).toBeGreaterThan(0.98);
    expect(agreement(features, moved.features)).toBeLessThan(0.6);
  });

  it('does not change with gain and offset, nor with reversed contrast', async () => {
    const { features } = await featuresOf(image);
    const brighter = await featuresOf(image.map((v) => 0.01 * v + 7));
    const reversed = await featuresOf(image.map((v) => 255 - v));
    expect(agreement(features, brighter.features)).toBeGreaterThan(0.999);
    expect(agreement(features, reversed.features)).toBeGreaterThan(0.999);
  });

  it('tells different ground apart', async () => {
    const { features } = await featuresOf(image);
    const other = await featuresOf(cut(scene(2), 10, 10));
    expect(Math.abs(agreement(features, other.features))).toBeLessThan(0.25);
  });

  it('has vectors of at most unit length, and none outside the mask', async () => {
    const valid = new Float32Array(size * size).fill(1);
    for (let y = 0; y < size; y++) valid.fill(0, y * size + 60, (y + 1) * size);
    const masked = image.map((v, i) => (valid[i] === 1 ? v : -9999));
    const { features, support } = await featuresOf(masked, valid);
    let longest = 0;
    let inside = 0;
    for (let i = 0; i < size * size; i++) {
      let squared = 0;
      for (let c = 0; c < hopc().channels; c++) squared += features[c * size * size + i]! ** 2;
      if (support[i] === 0) expect(squared).toBe(0);
      else inside++;
      longest = Math.max(longest, squared);
    }
    expect(support.every((v, i) => v === 0 || valid[i] === 1)).toBe(true);
    expect(inside).toBeGreaterThan(size * 40);
    expect(longest).toBeGreaterThan(0.9);
    expect(longest).toBeLessThanOrEqual(1 + 1e-5);
  });
});

describe('phaseCongruency', () => {
  it('finds the edge of a square in the orientation of its normal, and more of a corner at its corner', async () => {
    const random = createRandom(3);
    const middle = size / 2;
    const square = Float32Array.from({ length: size * size }, (_, i) => {
      const inside = i % size >= middle && i >= middle * size;
      return (inside ? 12 : 10) + 0.05 * random.normal();
    });
    const model = () => {
      const { congruency, maxMoment, minMoment } = phaseCongruency(
        input('image', [1, 1, size, size]),
        input('valid', [1, 1, size, size]),
      );
      return buildModel({ outputs: { congruency, maxMoment, minMoment } });
    };
    const valid = new Float32Array(size * size).fill(1);
    const { congruency, maxMoment, minMoment } = await engine.run('square', model, { image: square, valid });
    // The left edge runs along y, its normal along x: orientation 0; the upper one's normal along y: orientation 3 of 6.
    const left = 72 * size + middle;
    const upper = middle * size + 72;
    expect(congruency[left]).toBeGreaterThan(0.6);
    expect(congruency[3 * size * size + left]).toBeLessThan(0.1);
    expect(congruency[upper]).toBeLessThan(0.1);
    expect(congruency[3 * size * size + upper]).toBeGreaterThan(0.6);
    expect(maxMoment[left]).toBeGreaterThan(4 * minMoment[left]!);
    const strongest = minMoment.indexOf(Math.max(...minMoment));
    expect(Math.abs((strongest % size) - middle)).toBeLessThan(4);
    expect(Math.abs(Math.floor(strongest / size) - middle)).toBeLessThan(4);
    expect(maxMoment[20 * size + 20]).toBeLessThan(0.1);
  });
});
