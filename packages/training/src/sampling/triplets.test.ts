import { affine } from '@tiepoint/geometry';
import { patchSide } from '@tiepoint/matching';
import { createRandom } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { generatedPair } from '../testing/generated-pair.js';
import { defaultAugmentation, noAugmentation } from './augment.js';
import { createPairChooser } from './choose-pair.js';
import { drawTriplets, patchesPerTriplet } from './triplets.js';

const patchArea = patchSide * patchSide;
// A second geometry, so that a sampler that forgets the transform is found out.
const turned = affine(0.96, -0.2, 24, 0.2, 0.96, -6);
const pairs = [generatedPair(1, 160, turned), generatedPair(2, 160, turned)];

/** Correlation of the template with patch number `other`, its content looked for at (dx, dy). */
function correlation(patches: Float32Array, index: number, other: number, dx: number, dy: number): number {
  const template = index * patchesPerTriplet * patchArea;
  const patch = template + other * patchArea;
  const sample = (x: number, y: number): number => {
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - x0, y - y0];
    const v = (i: number, j: number): number => patches[patch + (y0 + j) * patchSide + x0 + i]!;
    return (v(0, 0) * (1 - fx) + v(1, 0) * fx) * (1 - fy) + (v(0, 1) * (1 - fx) + v(1, 1) * fx) * fy;
  };
  let [ab, aa, bb] = [0, 0, 0];
  for (let y = 4; y < patchSide - 4; y++) {
    for (let x = 4; x < patchSide - 4; x++) {
      const a = patches[template + y * patchSide + x]!;
      const b = sample(x + dx, y + dy);
      ab += a * b;
      aa += a * a;
      bb += b * b;
    }
  }
  return ab / Math.sqrt(aa * bb);
}

describe('drawTriplets', () => {
  const options = { augmentation: noAugmentation, shifts: [1.5, 2.5] as const };
  const { patches, shifts } = drawTriplets(createPairChooser(pairs), 40, createRandom(1), options);

  it('says where the template lies in each positive, whichever side it is from and however it is turned', () => {
    for (let index = 0; index < 40; index++) {
      for (const i of [0, 1]) {
        const [dx, dy] = [shifts[(index * 2 + i) * 2]!, shifts[(index * 2 + i) * 2 + 1]!];
        // The other side is inverted.
        const there = correlation(patches, index, 1 + i, dx, dy);
        expect(there).toBeLessThan(-0.9);
        if (Math.hypot(dx, dy) > 1) expect(correlation(patches, index, 1 + i, -dx, -dy)).toBeGreaterThan(there + 0.01);
      }
    }
  });

  it('spreads shifts evenly within their limits', () => {
    const first = shifts.filter((_, i) => i % 4 < 2);
    const second = shifts.filter((_, i) => i % 4 >= 2);
    expect(Math.max(...first.map(Math.abs))).toBeLessThanOrEqual(1.5);
    expect(Math.max(...second.map(Math.abs))).toBeGreaterThan(2);
    expect(Math.max(...second.map(Math.abs))).toBeLessThanOrEqual(2.5);
    expect(Math.abs(second.reduce((sum, v) => sum + v, 0) / second.length)).toBeLessThan(0.5);
  });

  it('shows other ground in the negative', () => {
    for (let index = 0; index < 40; index++) expect(Math.abs(correlation(patches, index, 3, 0, 0))).toBeLessThan(0.75);
  });

  it('draws the same from the same seed, with all its augmentation', () => {
    const draw = (seed: number): Float32Array =>
      drawTriplets(createPairChooser(pairs), 5, createRandom(seed), { ...options, augmentation: defaultAugmentation })
        .patches;
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it('gives every patch zero mean and unit variance', () => {
    const batch = drawTriplets(createPairChooser(pairs), 20, createRandom(5), {
      ...options,
      augmentation: { ...defaultAugmentation, border: 0 },
    });
    for (let patch = 0; patch < 20 * patchesPerTriplet; patch++) {
      const samples = batch.patches.subarray(patch * patchArea, (patch + 1) * patchArea);
      // Samples beyond the edge of the image are 0.
      const valid = samples.filter((v) => v !== 0);
      const mean = valid.reduce((sum, v) => sum + v, 0) / valid.length;
      const variance = valid.reduce((sum, v) => sum + v * v, 0) / valid.length - mean * mean;
      expect(Math.abs(mean)).toBeLessThan(0.01);
      expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    }
  });
});

it('a set is drawn as often as its weight says', () => {
  const sets = [
    { ...generatedPair(1, 40), set: 'a' },
    { ...generatedPair(2, 40), set: 'b' },
    { ...generatedPair(3, 40), set: 'c' },
  ];
  const chooser = createPairChooser(sets, { a: 3, c: 0 });
  const random = createRandom(1);
  const counts: Record<string, number> = { a: 0, b: 0 };
  for (let i = 0; i < 4000; i++) counts[chooser.choose(random).set]! += 1;
  expect(Object.keys(counts)).toEqual(['a', 'b']);
  expect(counts['a']! / 4000).toBeCloseTo(0.75, 1);
});
