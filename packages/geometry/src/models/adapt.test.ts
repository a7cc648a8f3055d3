import { describe, expect, it } from 'vitest';
import {
  adaptTransform,
  affine,
  createRandom,
  fitTransform,
  projective,
  type Transform,
  transformPoint,
} from '../index.js';

const random = createRandom(2);
const source = Float64Array.from({ length: 400 }, () => 500 * random.uniform());
const target = source.map((v, i) => v + 4 * Math.sin(v / 90) + (i % 2 === 0 ? 7 : -3));
const bent = (['polynomial2', 'polynomial3', 'tps', 'bspline'] as const).map(
  (model): Transform => fitTransform({ source, target }, model)!.transform,
);
const straight: Transform[] = [affine(1.1, 0.1, 3, -0.1, 0.9, 4), projective([1, 0.1, 3, 0.2, 0.9, -4, 1e-4, 2e-5, 1])];

/** A product of half the resolution that begins elsewhere, and a reference that is turned and finer. */
const before = affine(2, 0, 13, 0, 2, -8);
const after = affine(3, 0.4, -11, -0.2, 2.5, 6);

describe('adaptTransform', () => {
  it.each([...straight, ...bent])('is the three maps one after another: $model', (transform) => {
    const joined = adaptTransform(transform, before, after)!;
    expect(joined.model).toBe(transform.model);
    for (const [x, y] of [
      [0, 0],
      [120, 80],
      [33.3, 210.7],
      [-50, 400],
    ] as const) {
      const [X, Y] = transformPoint(after, ...transformPoint(transform, ...transformPoint(before, x, y)));
      const [gotX, gotY] = transformPoint(joined, x, y);
      expect(Math.hypot(gotX - X, gotY - Y)).toBeLessThan(1e-7);
    }
  });

  it('stretches a grid unevenly, and says that it cannot where a model does not allow it', () => {
    const uneven = affine(2, 0, 0, 0, 3, 0);
    const identity = affine(1, 0, 0, 0, 1, 0);
    const [polynomial, , plate, grid] = bent as [Transform, Transform, Transform, Transform];
    const [X, Y] = transformPoint(grid, 60, 120);
    const stretched = transformPoint(adaptTransform(grid, uneven, identity)!, 30, 40);
    expect(Math.hypot(stretched[0] - X, stretched[1] - Y)).toBeLessThan(1e-9);
    expect(adaptTransform(polynomial, uneven, identity)).toBeNull();
    expect(adaptTransform(plate, affine(1, 0.2, 0, -0.2, 1, 0), identity)).toBeNull();
    expect(adaptTransform(straight[0]!, affine(1, 1, 0, 1, 1, 0), identity)).toBeNull();
  });
});
