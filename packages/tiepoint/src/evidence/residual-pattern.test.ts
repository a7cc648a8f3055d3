import { createRandom } from '@tiepoint/geometry';
import { describe, expect, test } from 'vitest';
import { holdOut } from './held-out.js';
import { residualPattern } from './residual-pattern.js';

/** Tie points on a lattice that are off by a function of their place, and by noise of a deviation per axis. */
function tiePoints(off: (x: number, y: number) => readonly [number, number], noise: number, seed: number) {
  const random = createRandom(seed);
  const target = Float64Array.from({ length: 2 * 196 }, (_, i) => {
    const k = i >> 1;
    return 18 + 36 * (i % 2 === 0 ? k % 14 : Math.floor(k / 14));
  });
  const source = target.map((v, i) => {
    const [x, y] = [target[i - (i % 2)]!, target[i - (i % 2) + 1]!];
    return v - off(x, y)[i % 2 === 0 ? 0 : 1]! + noise * random.normal();
  });
  return { source, target };
}

describe('residualPattern', () => {
  test('scatter alone is none, however large', () => {
    for (let seed = 0; seed < 20; seed++) {
      const found = residualPattern(
        holdOut(
          tiePoints(() => [0, 0], 2.5, seed),
          'affine',
        ),
        32,
      );
      expect(found!.deviation).toBeLessThan(0.9);
    }
  });

  test('finds a bend below the scatter, and where it is worst', () => {
    const bend = (x: number, y: number): readonly [number, number] => [(6 * (x - 252) * (y - 252)) / 252 ** 2, 0];
    const found = residualPattern(holdOut(tiePoints(bend, 1.5, 3), 'affine'), 32)!;
    expect(found.deviation).toBeGreaterThan(1);
    expect(Math.abs(found.x - 252)).toBeGreaterThan(120);
    expect(Math.abs(found.y - 252)).toBeGreaterThan(120);
    expect(Math.abs(found.dx)).toBeGreaterThan(1.5);
    // The model that bends as the ground does leaves none.
    expect(residualPattern(holdOut(tiePoints(bend, 1.5, 3), 'polynomial2'), 32)!.deviation).toBeLessThan(0.6);
  });

  test('there is none of nothing', () => {
    const none = { source: new Float64Array(0), target: new Float64Array(0) };
    expect(residualPattern(holdOut(none, 'affine'), 32)).toBeNull();
  });
});
