import {
  type Correspondences,
  createRandom,
  fitTransform,
  residualsOf,
  transformPoint,
  type TransformModel,
} from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { estimateModel } from './model-choice.js';

type Field = (x: number, y: number) => readonly [number, number];

const affine: Field = (x, y) => [1.02 * x + 0.03 * y + 12, -0.02 * x + 0.99 * y - 7];
/** What an orbit's error or a wrong sensor model does: a few px over the scene. */
const quadratic: Field = (x, y) => {
  const [X, Y] = affine(x, y);
  return [X + 3e-5 * (x - 250) ** 2, Y - 3e-5 * (y - 250) ** 2];
};
/** What relief does: a bump in one place and a dent in another. */
const hilly: Field = (x, y) => {
  const [X, Y] = affine(x, y);
  const bump = (u: number, v: number): number => 2.5 * Math.exp(-((x - u) ** 2 + (y - v) ** 2) / 80 ** 2);
  return [X + bump(150, 330) - bump(370, 180), Y + bump(370, 180)];
};

/** Tie points on a jittered grid: every tenth wrong, the others good to `sd` px. */
function tiePoints(field: Field, sd: number, seed: number, side = 16): Correspondences {
  const random = createRandom(seed);
  const count = side * side;
  const sensed = new Float64Array(2 * count);
  const reference = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const x = (((i % side) + random.uniform()) / side) * 500;
    const y = ((Math.floor(i / side) + random.uniform()) / side) * 500;
    const [X, Y] = field(x, y);
    const wrong = i % 10 === 3;
    const miss = (): number => (wrong ? 16 * (random.uniform() - 0.5) : sd * random.normal());
    sensed.set([x, y], 2 * i);
    reference.set([X + miss(), Y + miss()], 2 * i);
  }
  const covariance = Float64Array.from({ length: 3 * count }, (_, i) => (i % 3 === 1 ? 0 : sd * sd));
  return { source: sensed, target: reference, covariance };
}

function choose(points: Correspondences, model: TransformModel | 'auto' = 'auto') {
  return estimateModel(model, {
    points,
    threshold: 3,
    seed: 0,
    independence: 0.5,
    window: 32,
    minScale: 0.5,
    maxScale: 2,
  })!;
}

/** Root mean square distance from the truth, px, all over the scene but a margin. */
function errorOf(field: Field, transform: NonNullable<ReturnType<typeof fitTransform>>['transform']): number {
  let sum = 0;
  let count = 0;
  for (let y = 25; y < 500; y += 25) {
    for (let x = 25; x < 500; x += 25) {
      const [X, Y] = transformPoint(transform, x, y);
      const [tx, ty] = field(x, y);
      sum += (X - tx) ** 2 + (Y - ty) ** 2;
      count++;
    }
  }
  return Math.sqrt(sum / count);
}

describe('the choice of the model', () => {
  it('keeps an affine field affine, however noisy', () => {
    for (let seed = 1; seed <= 4; seed++) {
      for (const sd of [0.1, 0.5]) expect(choose(tiePoints(affine, sd, seed)).model).toBe('affine');
    }
  });

  it('does not bend to errors that neighbours share', () => {
    const random = createRandom(77);
    const patches = Array.from({ length: 512 }, () => 0.25 * random.normal());
    const points = tiePoints(affine, 0.2, 9);
    for (let i = 0; i < 256; i++) {
      // Windows that overlap err together: two by two of them have one error more in common.
      const patch = 8 * Math.floor(i / 32) + Math.floor((i % 16) / 2);
      points.target[2 * i]! += patches[2 * patch]!;
      points.target[2 * i + 1]! += patches[2 * patch + 1]!;
    }
    expect(choose(points).model).toBe('affine');
  });

  it('takes a polynomial for a polynomial distortion, and is nearer to the truth', () => {
    for (let seed = 1; seed <= 3; seed++) {
      const points = tiePoints(quadratic, 0.3, seed);
      const chosen = choose(points);
      expect(chosen.model).toBe('polynomial2');
      expect(errorOf(quadratic, chosen.transform)).toBeLessThan(0.2);
      expect(errorOf(quadratic, choose(points, 'affine').transform)).toBeGreaterThan(0.5);
    }
  });

  it('takes a spline for relief, predicts unseen tie points better, and does not run through those it has', () => {
    const points = tiePoints(hilly, 0.3, 4);
    const chosen = choose(points);
    expect(['tps', 'bspline']).toContain(chosen.model);
    expect(errorOf(hilly, chosen.transform)).toBeLessThan(0.5 * errorOf(hilly, choose(points, 'affine').transform));
    const unseen = tiePoints(hilly, 0, 5);
    const miss = (model: typeof chosen): number => {
      const residuals = residualsOf(model.transform, unseen).filter((_, k) => Math.floor(k / 2) % 10 !== 3);
      return Math.sqrt(residuals.reduce((sum, v) => sum + v * v, 0) / residuals.length);
    };
    expect(miss(chosen)).toBeLessThan(0.5 * miss(choose(points, 'affine')));
    const inliers = chosen.residuals.filter((_, i) => chosen.inliers[i] === 1);
    expect(inliers.toSorted()[inliers.length >> 1]!).toBeGreaterThan(0.2);
  });
});
