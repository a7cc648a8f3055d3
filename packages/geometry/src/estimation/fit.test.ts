import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  affine,
  type Correspondences,
  createRandom,
  fitTransform,
  minimalCount,
  predictCovariance,
  projective,
  type Random,
  similarity,
  type Transform,
  type TransformModel,
  transformModels,
  transformPoint,
  translation,
} from '../index.js';

const truths: Record<TransformModel, Transform> = {
  translation: translation(14.5, -3.25),
  similarity: similarity(1.2, 0.3, -40, 12),
  affine: affine(1.1, 0.2, 30, -0.1, 0.9, 12),
  projective: projective([1.1, 0.2, 30, -0.1, 0.9, 12, 0.0003, -0.0002, 1]),
  polynomial2: {
    model: 'polynomial2',
    origin: [250, 250],
    scale: 180,
    coefficientsX: [260, 180, 8, 4, 3, -2],
    coefficientsY: [240, -8, 176, 1, -5, 2],
  },
  polynomial3: {
    model: 'polynomial3',
    origin: [250, 250],
    scale: 180,
    coefficientsX: [260, 180, 8, 4, 3, -2, 1, -1, 2, 0.5],
    coefficientsY: [240, -8, 176, 1, -5, 2, 0.3, 1, -1, -2],
  },
  // A spline without bending: what the smoothing tends to.
  tps: affine(1.1, 0.2, 30, -0.1, 0.9, 12),
  bspline: affine(1.1, 0.2, 30, -0.1, 0.9, 12),
};

/** Points over 500² px in a jittered grid, mapped by `truth`, moved by noise with the given covariances. */
function scatter(
  truth: Transform,
  n: number,
  random: Random,
  covariance?: (i: number) => [number, number, number],
): Correspondences {
  const side = Math.ceil(Math.sqrt(n));
  const source = new Float64Array(2 * n);
  const target = new Float64Array(2 * n);
  const all = covariance === undefined ? undefined : new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    const x = (((i % side) + random.uniform()) / side) * 500;
    const y = ((Math.floor(i / side) + random.uniform()) / side) * 500;
    const [X, Y] = transformPoint(truth, x, y);
    source.set([x, y], 2 * i);
    let dx = 0;
    let dy = 0;
    if (covariance !== undefined) {
      const [xx, xy, yy] = covariance(i);
      all!.set([xx, xy, yy], 3 * i);
      const a = Math.sqrt(xx);
      const z = random.normal();
      dx = a * z;
      dy = (xy / a) * z + Math.sqrt(yy - (xy * xy) / xx) * random.normal();
    }
    target.set([X + dx, Y + dy], 2 * i);
  }
  return all === undefined ? { source, target } : { source, target, covariance: all };
}

const unevenCovariance = (i: number): [number, number, number] => {
  const s = 0.2 + (i % 5) * 0.3;
  return [s * s, 0.5 * s * s * (i % 2 === 0 ? 1 : -1), 1.5 * s * s];
};

describe('fitTransform', () => {
  it.each(transformModels)('recovers an exact %s far from the origin', (model) => {
    const points = scatter(truths[model], 40, createRandom(1));
    // Map coordinates: seven digits before the point.
    const shifted = { source: points.source.map((v) => v + 1e5), target: points.target.map((v) => v + 4e6) };
    const fit = fitTransform(shifted, model)!;
    for (let i = 0; i < 40; i++) {
      const [X, Y] = transformPoint(fit.transform, shifted.source[2 * i]!, shifted.source[2 * i + 1]!);
      expect(Math.hypot(X - shifted.target[2 * i]!, Y - shifted.target[2 * i + 1]!)).toBeLessThan(2e-5);
    }
    expect(fit.transform.model).toBe(model);
  });

  it.each(transformModels)('recovers %s from the least number of points, or refuses one fewer', (model) => {
    const count = minimalCount(model);
    const points = scatter(truths[model], count + (model === 'tps' || model === 'bspline' ? 2 : 0), createRandom(4));
    expect(fitTransform(points, model)).not.toBeNull();
    const fewer = {
      source: points.source.slice(0, 2 * count - 2),
      target: points.target.slice(0, 2 * count - 2),
    };
    expect(fitTransform(fewer, model)).toBeNull();
  });

  it.each(transformModels.filter((m) => m !== 'translation'))(
    '%s: null for points on one line or one spot',
    (model) => {
      const line = Float64Array.from({ length: 60 }, (_, k) => (k % 2 === 0 ? k : 2 * (k - 1) + 7));
      const spot = new Float64Array(60).fill(12);
      if (model !== 'similarity') expect(fitTransform({ source: line, target: line }, model)).toBeNull();
      expect(fitTransform({ source: spot, target: spot }, model)).toBeNull();
    },
  );

  it('is null for points that are not finite and throws for a covariance that is none', () => {
    const points = scatter(truths.affine, 10, createRandom(1));
    points.target[3] = Number.NaN;
    expect(fitTransform(points, 'affine')).toBeNull();
    const bad = scatter(truths.affine, 10, createRandom(1), unevenCovariance);
    bad.covariance!.set([1, 2, 1], 6);
    expect(() => fitTransform(bad, 'affine')).toThrow(/not positive definite/);
  });

  it('leaves out points of weight 0 but reports their residuals', () => {
    const points = scatter(truths.affine, 20, createRandom(2));
    points.target[0]! += 100;
    const weights = new Float64Array(20).fill(1);
    weights[0] = 0;
    const fit = fitTransform(points, 'affine', weights)!;
    expect(fit.residuals[0]).toBeCloseTo(100, 6);
    expect(Math.abs(fit.residuals[2]!)).toBeLessThan(1e-9);
    expect(fit.degreesOfFreedom).toBe(2 * 19 - 6);
  });

  it('does not care how large equal weights are', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1, noNaN: true }), (w) => {
        const points = scatter(truths.affine, 20, createRandom(2), unevenCovariance);
        const one = fitTransform(points, 'affine')!;
        const other = fitTransform(points, 'affine', new Float64Array(20).fill(w))!;
        const a = predictCovariance(one, 10, 400);
        const b = predictCovariance(other, 10, 400);
        for (let k = 0; k < 3; k++) expect(b[k]! / a[k]!).toBeCloseTo(1, 9);
        expect(other.varianceFactor / one.varianceFactor).toBeCloseTo(1, 9);
      }),
      { numRuns: 10 },
    );
  });

  it('weighs each pair by the inverse of its covariance', () => {
    // Two pairs disagree about a translation along x by 1 px with variances 1 and 3: the mean stands at a quarter.
    const points = {
      source: Float64Array.of(0, 0, 10, 0),
      target: Float64Array.of(0, 0, 11, 0),
      covariance: Float64Array.of(1, 0, 1, 3, 0, 1),
    };
    const fit = fitTransform(points, 'translation')!;
    expect(transformPoint(fit.transform, 0, 0)[0]).toBeCloseTo(0.25, 12);
    expect(predictCovariance(fit, 0, 0)[0]).toBeCloseTo(0.75, 12);
  });
});

describe('the predicted covariance', () => {
  const places = [
    [250, 250],
    [20, 480],
    [560, -40],
  ] as const;

  it.each(['translation', 'similarity', 'affine', 'projective', 'polynomial2', 'polynomial3'] as const)(
    '%s: agrees with Monte Carlo, inside and beyond the points',
    (model) => {
      const random = createRandom(11);
      const runs = 1500;
      const sums = places.map(() => [0, 0, 0]);
      const predicted = places.map(() => [0, 0, 0]);
      for (let run = 0; run < runs; run++) {
        const points = scatter(truths[model], 25, random, unevenCovariance);
        const fit = fitTransform(points, model)!;
        places.forEach(([x, y], k) => {
          const [X, Y] = transformPoint(fit.transform, x, y);
          const [tx, ty] = transformPoint(truths[model], x, y);
          const values = [(X - tx) ** 2, (X - tx) * (Y - ty), (Y - ty) ** 2];
          const c = predictCovariance(fit, x, y);
          for (let m = 0; m < 3; m++) {
            sums[k]![m]! += values[m]! / runs;
            predicted[k]![m]! += c[m]! / runs;
          }
        });
      }
      // The relative deviation of a variance from 1500 runs is √(2 / 1500) = 3.7 %; four of them.
      places.forEach((_, k) => {
        const [xx, xy, yy] = sums[k]!;
        const [pxx, pxy, pyy] = predicted[k]!;
        expect(xx! / pxx!).toBeGreaterThan(0.85);
        expect(xx! / pxx!).toBeLessThan(1.15);
        expect(yy! / pyy!).toBeGreaterThan(0.85);
        expect(yy! / pyy!).toBeLessThan(1.15);
        expect(Math.abs(xy! - pxy!) / Math.sqrt(pxx! * pyy!)).toBeLessThan(0.12);
      });
    },
  );

  it('agrees with Monte Carlo where weights of trust differ and where the noise is not told', () => {
    const random = createRandom(5);
    const weights = Float64Array.from({ length: 25 }, (_, i) => 0.1 + 0.9 * ((i % 4) / 3));
    let known = 0;
    let told = 0;
    let estimated = 0;
    let square = 0;
    const runs = 1500;
    for (let run = 0; run < runs; run++) {
      const points = scatter(truths.affine, 25, random, () => [0.25, 0, 0.25]);
      const fit = fitTransform(points, 'affine', weights)!;
      const [X] = transformPoint(fit.transform, 100, 100);
      known += (X - transformPoint(truths.affine, 100, 100)[0]) ** 2 / runs;
      told += predictCovariance(fit, 100, 100)[0] / runs;
      const blind = fitTransform({ source: points.source, target: points.target }, 'affine')!;
      estimated += predictCovariance(blind, 100, 100)[0] / runs;
      square += (transformPoint(blind.transform, 100, 100)[0] - transformPoint(truths.affine, 100, 100)[0]) ** 2 / runs;
    }
    expect(known / told).toBeGreaterThan(0.87);
    expect(known / told).toBeLessThan(1.13);
    expect(square / estimated).toBeGreaterThan(0.87);
    expect(square / estimated).toBeLessThan(1.13);
  });

  it('holds the true spline about as often as it says', () => {
    const random = createRandom(8);
    const truth = truths.polynomial3;
    let held = 0;
    let all = 0;
    for (let run = 0; run < 12; run++) {
      const fit = fitTransform(
        scatter(truth, 60, random, () => [0.09, 0, 0.09]),
        'tps',
      )!;
      for (let y = 50; y <= 450; y += 50) {
        for (let x = 50; x <= 450; x += 50) {
          const [X, Y] = transformPoint(fit.transform, x, y);
          const [tx, ty] = transformPoint(truth, x, y);
          const [xx, xy, yy] = predictCovariance(fit, x, y);
          const d2 = (yy * (X - tx) ** 2 - 2 * xy * (X - tx) * (Y - ty) + xx * (Y - ty) ** 2) / (xx * yy - xy * xy);
          // The 90 % quantile of χ² with two degrees of freedom.
          if (d2 < 4.605) held++;
          all++;
        }
      }
    }
    expect(held / all).toBeGreaterThan(0.75);
    expect(held / all).toBeLessThan(1);
  });
});
