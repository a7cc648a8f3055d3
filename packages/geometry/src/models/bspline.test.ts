import { describe, expect, it } from 'vitest';
import { bsplineSpan } from './bspline.js';
import {
  type BsplineTransform,
  type Correspondences,
  createRandom,
  fitTransform,
  inverseTransformPoint,
  jacobianAt,
  predictCovariance,
  residualsOf,
  transformPoint,
} from '../index.js';

/** A local bulge: neither affine nor a polynomial of low order. */
const bent = (x: number, y: number): [number, number] => {
  const bulge = 3 * Math.exp(-((x - 300) ** 2 + (y - 200) ** 2) / 90 ** 2);
  return [1.1 * x + 20 + bulge, y - 10 - bulge + 2 * Math.sin(x / 120)];
};

function scatter(count: number, sd: number, seed: number): Correspondences & { readonly truth: Float64Array } {
  const random = createRandom(seed);
  const source = Float64Array.from({ length: 2 * count }, () => 500 * random.uniform());
  const truth = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) truth.set(bent(source[2 * i]!, source[2 * i + 1]!), 2 * i);
  const target = truth.map((v) => v + sd * random.normal());
  const covariance = Float64Array.from({ length: 3 * count }, (_, i) => (i % 3 === 1 ? 0 : sd * sd));
  return { source, target, covariance, truth };
}

const rms = (values: Float64Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

describe('a displacement grid', () => {
  it('has splines that sum to one and slopes that sum to none, inside and beyond', () => {
    for (const place of [-2.5, 0, 0.3, 1, 2.99, 3, 4.7]) {
      const { weights, slopes } = bsplineSpan(place, 3);
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(slopes.reduce((a, b) => a + b)).toBeCloseTo(0, 12);
    }
  });

  it('has the Jacobian that differences give, inside and beyond its cells', () => {
    const { transform } = fitTransform(scatter(200, 0.1, 3), 'bspline')!;
    const h = 1e-4;
    for (const [x, y] of [
      [250, 250],
      [31, 470],
      [-80, 600],
    ] as const) {
      const [right, left] = [transformPoint(transform, x + h, y), transformPoint(transform, x - h, y)];
      const [below, above] = [transformPoint(transform, x, y + h), transformPoint(transform, x, y - h)];
      const [xx, xy, yx, yy] = jacobianAt(transform, x, y);
      expect(xx).toBeCloseTo((right[0] - left[0]) / (2 * h), 6);
      expect(yx).toBeCloseTo((right[1] - left[1]) / (2 * h), 6);
      expect(xy).toBeCloseTo((below[0] - above[0]) / (2 * h), 6);
      expect(yy).toBeCloseTo((below[1] - above[1]) / (2 * h), 6);
    }
  });

  it('has an inverse', () => {
    const { transform } = fitTransform(scatter(200, 0.1, 4), 'bspline')!;
    const [X, Y] = transformPoint(transform, 123, 321);
    const back = inverseTransformPoint(transform, X, Y)!;
    expect(Math.hypot(back[0] - 123, back[1] - 321)).toBeLessThan(1e-6);
  });

  it('follows a local bulge, smooths the noise and leaves residuals', () => {
    const points = scatter(400, 0.4, 5);
    const fit = fitTransform(points, 'bspline')!;
    const error = rms(residualsOf(fit.transform, { ...points, target: points.truth }));
    const affineError = rms(
      residualsOf(fitTransform(points, 'affine')!.transform, { ...points, target: points.truth }),
    );
    expect(affineError).toBeGreaterThan(0.6);
    expect(error).toBeLessThan(0.25);
    // It does not run through the points: what is left is their noise.
    expect(rms(fit.residuals)).toBeGreaterThan(0.3);
    expect(fit.varianceFactor).toBeGreaterThan(0.8);
    expect(fit.varianceFactor).toBeLessThan(1.2);
  });

  it('predicts the error it makes', () => {
    let inside = 0;
    let count = 0;
    for (let seed = 10; seed < 16; seed++) {
      const fit = fitTransform(scatter(400, 0.4, seed), 'bspline')!;
      for (const [x, y] of [
        [100, 100],
        [300, 200],
        [250, 400],
        [420, 120],
        [60, 300],
      ] as const) {
        const [X, Y] = transformPoint(fit.transform, x, y);
        const [tx, ty] = bent(x, y);
        const [xx, xy, yy] = predictCovariance(fit, x, y);
        const [dx, dy] = [X - tx, Y - ty];
        const distance = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / (xx * yy - xy * xy);
        if (distance < -2 * Math.log(0.1)) inside++;
        count++;
      }
    }
    expect(inside / count).toBeGreaterThan(0.7);
  });

  it('is an affine map where its values are', () => {
    const values = (of: (column: number, row: number) => number): number[] =>
      Array.from({ length: 20 }, (_, i) => of(i % 5, Math.floor(i / 5)));
    const transform: BsplineTransform = {
      model: 'bspline',
      origin: [10, 20],
      spacing: [100, 50],
      columns: 5,
      rows: 4,
      // The control value of column c stands at the place (c − 1) cells from the origin.
      valuesX: values((c) => 10 + 100 * (c - 1) + 7),
      valuesY: values((c, r) => 20 + 50 * (r - 1) - 3 + 0.1 * (c - 1)),
    };
    const [X, Y] = transformPoint(transform, 500, -90);
    expect(X).toBeCloseTo(507, 9);
    expect(Y).toBeCloseTo(-93 + 0.1 * 4.9, 9);
  });
});
