import { createRandom } from 'onnx-grad';
import { expect, it } from 'vitest';
import { createPairChooser } from '../sampling/choose-pair.js';
import { generatedPair } from '../testing/generated-pair.js';
import { defaultWarp } from './random-warp.js';
import { drawWarpedPairs } from './warped-pairs.js';

const side = 64;
const noChange = { inversion: 0, tone: 0, speckle: 0, noise: 0 };

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]): number => v.reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (u: readonly number[], mu: number, v: readonly number[], mv: number): number =>
    u.reduce((s, x, i) => s + (x - mu) * (v[i]! - mv), 0);
  return dot(a, ma, b, mb) / Math.sqrt(dot(a, ma, a, ma) * dot(b, mb, b, mb));
}

it('knows where each pixel of the first crop lies in the second', () => {
  const pair = generatedPair(1, 160);
  // Both images alike, so that the right place has the same grey.
  const chooser = createPairChooser([{ ...pair, sensed: pair.reference }]);
  const count = 6;
  const options = { side, warp: { ...defaultWarp, scale: 1.2 }, greys: noChange, border: 8 };
  const { first, second, grid, both } = drawWarpedPairs(chooser, count, createRandom(2), options);
  for (let n = 0; n < count; n++) {
    const [there, found, unmoved]: number[][] = [[], [], []];
    for (let i = n * side * side; i < (n + 1) * side * side; i++) {
      if (both[i] === 0) continue;
      const x = Math.floor(((grid[2 * i]! + 1) * side) / 2);
      const y = Math.floor(((grid[2 * i + 1]! + 1) * side) / 2);
      there!.push(first[i]!);
      found!.push(second[n * side * side + y * side + x]!);
      unmoved!.push(second[i]!);
    }
    expect(there!.length).toBeGreaterThan(0.3 * side * side);
    expect(correlation(there!, found!)).toBeGreaterThan(0.8);
    expect(correlation(there!, unmoved!)).toBeLessThan(0.7);
  }
});

it('leaves out ground without data', () => {
  const pair = generatedPair(3, 160);
  const mask = Uint8Array.from({ length: 160 * 160 }, (_, i) => (i % 160 < 110 ? 1 : 0));
  const chooser = createPairChooser([{ ...pair, reference: { ...pair.reference, mask } }]);
  const { both } = drawWarpedPairs(chooser, 20, createRandom(4), {
    side,
    warp: defaultWarp,
    greys: noChange,
    border: 8,
  });
  const inner = both.filter((_, i) => Math.abs((i % side) - side / 2) < 8);
  // Somewhere the edge cuts even the middle of a crop.
  expect(inner.reduce((s, v) => s + v, 0) / inner.length).toBeLessThan(0.999);
  expect(both.reduce((s, v) => s + v, 0) / both.length).toBeGreaterThan(0.35);
});
