import { describe, expect, it } from 'vitest';
import { type Correspondences, createRandom, fitTransform, leaveOutResiduals, predictCovariance } from '../index.js';
import { modelOf, type TransformModel } from '../models/transform.js';
import { normalisationOf } from '../points/normalisation.js';
import { axisDesign, sumAxisEquations } from './axis-design.js';
import { sumNormalEquations } from './normal-equations.js';

const axisModels: readonly TransformModel[] = ['affine', 'polynomial2', 'polynomial3', 'tps', 'bspline'];

function scatter(covariance: 'none' | 'alike' | 'own'): Correspondences {
  const random = createRandom(5);
  const source = Float64Array.from({ length: 240 }, () => 400 * random.uniform());
  const target = source.map((v, i) => 1.02 * v + 4 * Math.sin(source[i ^ 1]! / 70) + 0.2 * random.normal());
  if (covariance === 'none') return { source, target };
  const own = (k: number): number => [0.3 + random.uniform(), 0.2 * random.uniform(), 0.3 + random.uniform()][k]!;
  const alike = [0.04, 0, 0.04];
  return {
    source,
    target,
    covariance: Float64Array.from({ length: 360 }, (_, i) => (covariance === 'own' ? own(i % 3) : alike[i % 3]!)),
  };
}

const weights = Float64Array.from({ length: 120 }, (_, i) => [0, 0.3, 1, 0.8][i % 4]!);

describe.each(axisModels)('the equations of %s, whose axes have the same terms', (name) => {
  it.each(['none', 'alike', 'own'] as const)('are those of any model (covariance: %s)', (covariance) => {
    const points = scatter(covariance);
    const n = normalisationOf(points, weights);
    const basis = modelOf(name).basis(points, n, weights)!;
    const count = basis.parameterCount;
    const expected = sumNormalEquations(points, basis, n, new Float64Array(count), weights);
    const found = sumAxisEquations(axisDesign(points, basis.axis!, n, weights), true);
    expect(found.copies).toBe(covariance === 'own' ? 1 : 2);
    expect(found.sumSquares).toBeCloseTo(expected.sumSquares, 6);
    expect([found.count, found.sumWeights]).toEqual([expected.count, expected.sumWeights]);
    const worst = { matrix: 0, noise: 0 };
    for (let a = 0; a < count; a++) {
      expect(found.right[a]! / (1 + Math.abs(expected.right[a]!))).toBeCloseTo(
        expected.right[a]! / (1 + Math.abs(expected.right[a]!)),
        9,
      );
      for (let b = 0; b < count; b++) {
        const [i, j] = found.copies === 1 ? [a, b] : [a % found.size, b % found.size];
        const apart = found.copies === 2 && a < found.size !== b < found.size;
        for (const key of ['matrix', 'noise'] as const) {
          const value = apart ? 0 : found[key][i * found.size + j]!;
          const truth = expected[key][a * count + b]!;
          worst[key] = Math.max(worst[key], Math.abs(value - truth) / (1 + Math.abs(truth)));
        }
      }
    }
    expect(Math.max(worst.matrix, worst.noise)).toBeLessThan(1e-9);
  });

  it.each(['none', 'own'] as const)(
    'predict the covariance that the parameters have (covariance: %s)',
    (covariance) => {
      const fit = fitTransform(scatter(covariance), name)!;
      const { basis, normalisation: n, parameterCovariance: c, parameters } = fit;
      const size = basis.parameterCount;
      const [out, rowX, rowY] = [new Float64Array(2), new Float64Array(size), new Float64Array(size)];
      for (const [x, y] of [
        [30, 370],
        [210, 205],
        [450, -20],
      ] as const) {
        basis.predict(parameters, (x - n.sourceX) / n.scale, (y - n.sourceY) / n.scale, out, rowX, rowY);
        const form = (p: Float64Array, q: Float64Array): number =>
          p.reduce((sum, v, i) => sum + q.reduce((s, w, j) => s + v * w * c[i * size + j]!, 0), 0);
        const [xx, xy, yy] = predictCovariance(fit, x, y);
        expect(xx / form(rowX, rowX)).toBeCloseTo(1, 6);
        expect(yy / form(rowY, rowY)).toBeCloseTo(1, 6);
        expect((xy - form(rowX, rowY)) / xx).toBeCloseTo(0, 6);
      }
    },
  );
});

describe('leaving groups out', () => {
  const points = scatter('own');
  const groups = Uint8Array.from({ length: 120 }, (_, i) => i % 5);

  it.each(['affine', 'polynomial3', 'projective', 'similarity'] as const)(
    'gives what fits of the others give (%s)',
    (name) => {
      const residuals = leaveOutResiduals(points, name, { groups });
      for (let group = 0; group < 5; group++) {
        const rest = Float64Array.from(groups, (of) => (of === group ? 0 : 1));
        const expected = fitTransform(points, name, rest)!.residuals;
        for (let i = group; i < 120; i += 5) expect(residuals[2 * i]!).toBeCloseTo(expected[2 * i]!, 6);
      }
    },
  );

  it.each(['tps', 'bspline'] as const)(
    'misses by as much as fits of the others do, which have knots of their own (%s)',
    (name) => {
      const residuals = leaveOutResiduals(points, name, { groups });
      let [found, truth] = [0, 0];
      for (let group = 0; group < 5; group++) {
        const rest = Float64Array.from(groups, (of) => (of === group ? 0 : 1));
        const expected = fitTransform(points, name, rest)!.residuals;
        for (let i = 2 * group; i < 240; i += 10) {
          found += residuals[i]! ** 2;
          truth += expected[i]! ** 2;
        }
      }
      expect(Math.abs(Math.sqrt(found / truth) - 1)).toBeLessThan(0.1);
    },
  );

  it('says where the others determine no fit', () => {
    const few = { source: points.source.slice(0, 8), target: points.target.slice(0, 8) };
    const residuals = leaveOutResiduals(few, 'affine', { groups: Uint8Array.of(0, 1, 2, 2) });
    expect(Array.from(residuals, Number.isNaN)).toEqual([false, false, false, false, true, true, true, true]);
  });
});
