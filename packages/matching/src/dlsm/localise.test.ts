import { createRandom } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { likeliestPlace, localisations, type ShiftField, type ShiftPrediction } from './localise.js';

/** What a perfect network would say of a match at (x, y), with noise of known covariance and little certainty far away. */
function field(x: number, y: number, noise: number, seed: number): ShiftField {
  const random = createRandom(seed);
  const side = 11;
  const make = (f: (u: number, v: number) => number): number[] =>
    Array.from({ length: side * side }, (_, i) => f((i % side) - 5, Math.floor(i / side) - 5));
  const deviation = (u: number, v: number): number => noise * (1 + Math.max(0, Math.hypot(u - x, v - y) - 1.5) ** 2);
  return {
    side,
    step: 1,
    dx: make((u, v) => x - u + random.normal() * deviation(u, v)),
    dy: make((u, v) => y - v + random.normal() * deviation(u, v)),
    sigmaX: make(deviation),
    sigmaY: make(deviation),
    rho: make(() => 0),
    logArea: make((u, v) => 2 * Math.log(deviation(u, v))),
  };
}

describe.each(Object.entries(localisations))('localisation by %s', (_name, localise) => {
  it('finds the match without noise', () => {
    const found = localise(field(1.3, -2.2, 1e-6, 1));
    expect(found.x).toBeCloseTo(1.3, 3);
    expect(found.y).toBeCloseTo(-2.2, 3);
  });

  it('hands on the covariance of the prediction it follows', () => {
    const { covariance, logArea } = localise(field(0.2, 0.1, 0.3, 2));
    expect(covariance[0]).toBeCloseTo(0.09, 6);
    expect(covariance[1]).toBe(0);
    expect(logArea).toBeCloseTo(Math.log(0.09), 6);
  });
});

it('finds the place that predictions at any shifts make likeliest together', () => {
  const predict = (u: number, v: number, x: number, y: number, sigma: number): ShiftPrediction => ({
    shift: [u, v],
    dx: x - u,
    dy: y - v,
    sigmaX: sigma,
    sigmaY: sigma,
    rho: 0,
    logArea: 2 * Math.log(sigma),
  });
  // Two that agree outweigh a third that is sure of nothing, whichever is first.
  const all = [predict(-2, -2, -3, 2, 4), predict(2, -2, 1.1, 0.4, 0.5), predict(1, 0, 0.9, 0.6, 0.5)];
  for (const predictions of [all, all.toReversed()]) {
    const found = likeliestPlace(predictions);
    expect(found.x).toBeCloseTo(1, 1);
    expect(found.y).toBeCloseTo(0.5, 1);
    // Of the shift nearest to the place.
    expect(found.covariance).toEqual([0.25, 0, 0.25]);
  }
});

it('is more exact the more of the neighbours it uses', () => {
  const meanError = (localise: (typeof localisations)['minimum']): number => {
    let sum = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { x, y } = localise(field(0.4, 0.7, 0.3, seed));
      sum += Math.hypot(x - 0.4, y - 0.7);
    }
    return sum / 200;
  };
  const [minimum, consensus, likelihood] = Object.values(localisations).map(meanError) as [number, number, number];
  expect(consensus).toBeLessThan(0.7 * minimum);
  expect(likelihood).toBeLessThan(0.7 * minimum);
});
