import { createRandom, type Plane } from '@tiepoint/geometry';
import { describe, expect, test } from 'vitest';
import { detectSarScale, sarToDecibel } from './sar-scale.js';

/** Fields of different brightness under gamma speckle of `looks` looks, as power. */
function speckle(looks: number, seed: number): Plane {
  const random = createRandom(seed);
  const uniform = (): number => Math.max(1e-12, random.uniform());
  const size = 240;
  const data = new Float32Array(size * size);
  for (let i = 0; i < data.length; i++) {
    const field = Math.floor((i % size) / 40) + 6 * Math.floor(i / size / 40);
    const mean = 0.02 * 1.25 ** ((field * 7) % 17);
    let sum = 0;
    for (let k = 0; k < looks; k++) sum -= Math.log(uniform());
    data[i] = (mean * sum) / looks;
  }
  return { width: size, height: size, data };
}

function mapped(plane: Plane, f: (v: number) => number): Plane {
  return { ...plane, data: plane.data.map(f) };
}

describe('the scale of SAR samples', () => {
  for (const looks of [1, 3, 5, 12]) {
    test(`${looks} looks`, () => {
      const power = speckle(looks, looks);
      expect(detectSarScale(power)).toMatchObject({ scale: 'power' });
      expect(detectSarScale(mapped(power, Math.sqrt))).toMatchObject({ scale: 'amplitude' });
      // Sentinel-1 GRD: amplitude as whole numbers.
      expect(detectSarScale(mapped(power, (v) => Math.round(1200 * Math.sqrt(v))))).toMatchObject({
        scale: 'amplitude',
      });
      const decibel = mapped(power, (v) => 10 * Math.log10(v));
      expect(detectSarScale(decibel)).toMatchObject({ scale: 'decibel' });
      // Stretched to bytes for a picture.
      const bytes = mapped(decibel, (v) => Math.round(Math.max(1, Math.min(255, (v + 40) * 5))));
      expect(detectSarScale(bytes)).toMatchObject({ scale: 'decibel' });
    });
  }

  test('a constant image says nothing', () => {
    expect(detectSarScale({ width: 200, height: 200, data: new Float32Array(40_000).fill(3) })).toBeNull();
  });
});

test('all scales come to the same decibels, and zero is invalid', () => {
  const power = speckle(4, 1);
  power.data[7] = 0;
  const a = sarToDecibel(power, 'power');
  const b = sarToDecibel(mapped(power, Math.sqrt), 'amplitude');
  expect(a.mask![7]).toBe(0);
  expect(a.mask!.reduce((s, v) => s + v, 0)).toBe(power.data.length - 1);
  for (let i = 0; i < 1000; i++) expect(a.data[i]).toBeCloseTo(b.data[i]!, 3);
  expect(sarToDecibel(a, 'decibel').data).toEqual(a.data);
});
