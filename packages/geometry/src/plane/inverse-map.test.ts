import { describe, expect, it } from 'vitest';
import {
  affine,
  inverseMap,
  type Plane,
  type PolynomialTransform,
  projective,
  resamplePlane,
  type Transform,
  transformPoint,
} from '../index.js';

const bent: PolynomialTransform = {
  model: 'polynomial3',
  origin: [250, 200],
  scale: 150,
  coefficientsX: [260, 150, 5, 4, -2, 1, 1.5, -1, 0.5, 0.3],
  coefficientsY: [205, -6, 148, 1, 2, -3, -0.4, 0.6, 1.1, -0.8],
};
const transforms: [string, Transform][] = [
  ['affine', affine(1.1, 0.1, 12, -0.1, 0.95, 7)],
  ['projective', projective([1.1, 0.1, 12, -0.1, 0.95, 7, 1e-4, 2e-4, 1])],
  ['polynomial3', bent],
];

describe('inverseMap', () => {
  it.each(transforms)('%s: undoes the transform to a hundredth of a pixel anywhere in the image', (_, t) => {
    const map = inverseMap(t, 500, 400);
    for (let y = 3.3; y < 400; y += 37) {
      for (let x = 2.1; x < 500; x += 41) {
        const point = Float64Array.of(x, y);
        map(point);
        const [X, Y] = transformPoint(t, point[0]!, point[1]!);
        expect(Math.hypot(X - x, Y - y)).toBeLessThan(0.01);
      }
    }
  });

  it('gives NaN for a singular matrix and outside the image', () => {
    const point = Float64Array.of(10, 10);
    inverseMap(affine(1, 1, 0, 1, 1, 0), 100, 100)(point);
    expect(point[0]).toBeNaN();
    const outside = Float64Array.of(-5, 10);
    inverseMap(bent, 100, 100)(outside);
    expect(outside[0]).toBeNaN();
  });

  it('resamples an image onto the grid that a bent transform leads to', () => {
    const width = 500;
    const height = 400;
    const f = (x: number, y: number): number => 50 + 30 * Math.sin(x / 25) * Math.cos(y / 31);
    const data = Float32Array.from({ length: width * height }, (_, i) =>
      f((i % width) + 0.5, Math.floor(i / width) + 0.5),
    );
    const plane: Plane = { width, height, data };
    const out = resamplePlane(plane, width, height, inverseMap(bent, width, height), { kernel: 'cubic' });
    for (const [x, y] of [
      [100.5, 120.5],
      [300.5, 200.5],
      [250.5, 310.5],
    ] as const) {
      const [X, Y] = transformPoint(bent, x, y);
      // The output at (X, Y) shows the input at (x, y); its own pixel centres lie a little off.
      const cx = Math.floor(X) + 0.5;
      const cy = Math.floor(Y) + 0.5;
      const there = Float64Array.of(cx, cy);
      inverseMap(bent, width, height)(there);
      expect(out.data[Math.floor(Y) * width + Math.floor(X)]!).toBeCloseTo(f(there[0]!, there[1]!), 1);
    }
  });
});
