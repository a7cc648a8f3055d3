import { describe, expect, it } from 'vitest';
import {
  type Tensor,
  binaryCrossEntropy,
  bivariateGaussianLoss,
  buildModel,
  constant,
  constantSchedule,
  cosineSchedule,
  createRandom,
  createSession,
  crossEntropy,
  hingeLoss,
  huberLoss,
  meanSquaredError,
  mixSeeds,
  oneCycleSchedule,
  tripletMarginLoss,
  tripletRatioLoss,
  withWarmUp,
} from './index.js';

async function valueOf(y: Tensor): Promise<number[]> {
  await using session = await createSession(buildModel({ outputs: { y } }));
  return [...(await session.run({})).y];
}
const row = (...values: number[]): Tensor => constant(Float32Array.from(values));
const table = (columns: number, ...values: number[]): Tensor =>
  constant(Float32Array.from(values), [values.length / columns, columns]);

describe('losses by hand', () => {
  it('are what their definitions say', async () => {
    expect(await valueOf(huberLoss(row(0, 3, -0.5), row(0, 0, 0), { reduce: false }))).toEqual([0, 2.5, 0.125]);
    expect(await valueOf(meanSquaredError(row(1, 3), row(0, 0)))).toEqual([5]);
    const [even, wrong] = await valueOf(binaryCrossEntropy(row(0, -100), row(1, 1), { reduce: false }));
    expect(even).toBeCloseTo(Math.LN2, 6);
    expect(wrong).toBeCloseTo(100, 4);
    const labels = constant(BigInt64Array.of(1n, 0n));
    const classes = await valueOf(crossEntropy(table(2, 0, Math.log(3), 1000, 0), labels, { reduce: false }));
    expect(classes[0]).toBeCloseTo(Math.log(4 / 3), 6);
    expect(classes[1]).toBeCloseTo(0, 6);
    expect(await valueOf(hingeLoss(row(2, 0.5, -1), row(1, 1, 1), { reduce: false }))).toEqual([0, 0.5, 2]);
    const [anchor, near, far] = [table(2, 0, 0), table(2, 3, 4), table(2, 0, 2)];
    expect((await valueOf(tripletMarginLoss(anchor, near, far)))[0]).toBeCloseTo(5 - 2 + 1, 5);
    expect((await valueOf(tripletRatioLoss(anchor, near, far)))[0]).toBeCloseTo(2 / (1 + Math.exp(-3)) ** 2, 5);
  });

  it('of a bivariate normal error is its negative log-likelihood', async () => {
    const [ex, ey, sx, sy, rho] = [0.7, -1.2, 0.5, 2, 0.6];
    const q = 1 - rho * rho;
    const form = ((ex / sx) ** 2 - (2 * rho * ex * ey) / (sx * sy) + (ey / sy) ** 2) / q;
    const expected = form / 2 + Math.log(2 * Math.PI * sx * sy * Math.sqrt(q));
    const spread = table(3, Math.log(sx), Math.log(sy), Math.atanh(rho));
    expect((await valueOf(bivariateGaussianLoss(table(2, ex, ey), spread)))[0]).toBeCloseTo(expected, 5);
  });
});

describe('schedules', () => {
  it('rise and fall where they should', () => {
    expect(constantSchedule(0.1)(77)).toBe(0.1);
    const cosine = cosineSchedule(1, 100, 0.2);
    expect([cosine(0), cosine(100), cosine(500)]).toEqual([1, 0.2, 0.2]);
    expect(cosine(50)).toBeCloseTo(0.6, 9);
    const cycle = oneCycleSchedule(1, 100);
    expect(cycle(0)).toBeCloseTo(1 / 25, 9);
    expect(cycle(30)).toBeCloseTo(1, 9);
    expect(cycle(99)).toBeLessThan(0.001);
    const warm = withWarmUp(constantSchedule(2), 4);
    expect([0, 1, 2, 3, 4].map(warm)).toEqual([0.5, 1, 1.5, 2, 2]);
  });
});

describe('random numbers', () => {
  it('depend on the seed alone and go on from a stored state', () => {
    const [a, b] = [createRandom(1), createRandom(1)];
    expect(Array.from({ length: 5 }, () => a.uniform())).toEqual(Array.from({ length: 5 }, () => b.uniform()));
    const later = createRandom(a.state());
    expect(later.normal()).toBe(a.normal());
    expect(createRandom(2).uniform()).not.toBe(createRandom(1).uniform());
    expect(new Set(Array.from({ length: 1000 }, (_, i) => mixSeeds(1, i))).size).toBe(1000);
  });

  it('have the moments they should', () => {
    const random = createRandom(5);
    const count = 100_000;
    const moments = (draw: () => number): [number, number] => {
      let [sum, squares] = [0, 0];
      for (let i = 0; i < count; i++) {
        const value = draw();
        sum += value;
        squares += value * value;
      }
      return [sum / count, squares / count];
    };
    const [mean, square] = moments(() => random.normal());
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(square - 1)).toBeLessThan(0.02);
    const [half, third] = moments(() => random.uniform());
    expect(Math.abs(half - 1 / 2)).toBeLessThan(0.005);
    expect(Math.abs(third - 1 / 3)).toBeLessThan(0.005);
    expect(moments(() => random.integer(3))[0]).toBeCloseTo(1, 1);
  });
});
