import { describe, expect, it } from 'vitest';
import { circularError, covarianceEllipse, createRandom } from '../index.js';

describe('covarianceEllipse', () => {
  it('has the axes and direction of the distribution', () => {
    const e = covarianceEllipse([4, 0, 1], 1 - Math.exp(-0.5));
    expect(e.major).toBeCloseTo(2, 12);
    expect(e.minor).toBeCloseTo(1, 12);
    expect(e.angle).toBeCloseTo(0, 12);
    expect(covarianceEllipse([1, 0, 4]).angle).toBeCloseTo(Math.PI / 2, 12);
    expect(covarianceEllipse([2, 1, 2]).angle).toBeCloseTo(Math.PI / 4, 12);
    expect(covarianceEllipse([1, 0, 1], 0.9).major).toBeCloseTo(2.146, 4);
  });
});

describe('circularError', () => {
  it('is 2.146 standard deviations for a round distribution and 1.645 for a line', () => {
    expect(circularError([4, 0, 4])).toBeCloseTo(2 * 2.14597, 4);
    expect(circularError([1, 0, 0])).toBeCloseTo(1.64485, 3);
    expect(circularError([0, 0, 0])).toBe(0);
    expect(circularError([Number.NaN, 0, 1])).toBeNaN();
  });

  it('holds its share of random errors', () => {
    const random = createRandom(4);
    const radius = circularError([2, 0.9, 0.8], 0.9);
    let held = 0;
    for (let i = 0; i < 100_000; i++) {
      const z = random.normal();
      const x = Math.SQRT2 * z;
      const y = (0.9 / Math.SQRT2) * z + Math.sqrt(0.8 - 0.405) * random.normal();
      if (Math.hypot(x, y) < radius) held++;
    }
    expect(held / 100_000).toBeCloseTo(0.9, 2);
  });
});
