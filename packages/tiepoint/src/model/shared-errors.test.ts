import { createRandom, type Estimate, estimateTransform, predictCovariance } from '@tiepoint/geometry';
import { describe, expect, test } from 'vitest';
import type { TiePointSet } from './tie-point-set.js';
import { withSharedErrors } from './shared-errors.js';

const side = 12;

/** Independent errors of 0.4 px per axis on a grid; the covariances claim `claimed` px². */
function tiePoints(claimed: number, predicted: boolean): { readonly set: TiePointSet; readonly estimate: Estimate } {
  const random = createRandom(5);
  const sensed = Float64Array.from({ length: 2 * side * side }, (_, i) => {
    return 16 * (i % 2 === 0 ? (i >> 1) % side : Math.floor((i >> 1) / side)) + 8;
  });
  const reference = sensed.map((v) => v + 3 + 0.4 * random.normal());
  const covariance = Float64Array.from({ length: 3 * side * side }, (_, i) => (i % 3 === 1 ? 0 : claimed));
  const points = { source: sensed, target: reference, covariance };
  const estimate = estimateTransform(predicted ? points : { source: sensed, target: reference }, {
    model: 'affine',
    threshold: 3,
    seed: 1,
  })!;
  return { set: { points, score: new Float64Array(side * side), window: 32, predicted }, estimate };
}

function deviation({ fit }: Estimate): number {
  const [xx, , yy] = predictCovariance(fit, 96, 96);
  return Math.sqrt((xx + yy) / 2);
}

describe('withSharedErrors', () => {
  test('no transform is known better than what all tie points share, however many there are', () => {
    const { set, estimate } = tiePoints(0.16, true);
    expect(deviation(estimate)).toBeLessThan(0.05);
    const sd = deviation(withSharedErrors(set, estimate));
    expect(sd).toBeGreaterThan(0.25 * 0.4 * 0.9);
    expect(sd).toBeLessThan(0.25 * 0.4 * 1.4);
  });

  test('residuals say how large errors are, not what tie points claim', () => {
    const sds = [tiePoints(0.16, true), tiePoints(4, true), tiePoints(4, false)].map(({ set, estimate }) =>
      deviation(withSharedErrors(set, estimate)),
    );
    for (const sd of sds) expect(Math.abs(sd / sds[0]! - 1)).toBeLessThan(0.05);
  });

  test('too few tie points to tell leave the estimate as it is', () => {
    const { set, estimate } = tiePoints(0.16, true);
    const weights = estimate.weights.map((w, i) => (i === 0 || i === 5 || i === 140 ? w : 0));
    expect(withSharedErrors(set, { ...estimate, weights }).fit).toBe(estimate.fit);
  });
});
