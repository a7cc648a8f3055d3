import {
  affine,
  composeTransforms,
  createRandom,
  identity,
  invertTransform,
  type MatrixTransform,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import type { Registration } from '../result/registration.js';
import { transformToJson } from '../result/transform-json.js';
import type { MeasuredPair } from './measured-pair.js';
import { solveNetwork } from './solve-network.js';

const size = { width: 300, height: 240 };
const random = createRandom(3);
/** Image px → reference px. */
const truth: readonly MatrixTransform[] = [
  identity,
  affine(1.01, 0.02, 4, -0.015, 0.99, -7),
  affine(0.98, -0.03, -12, 0.02, 1.02, 9),
  affine(1, 0.01, 30, 0.01, 1, 2),
  affine(0.5, 0.1, 8, -0.1, 0.5, 60),
];
const all = truth.flatMap((_, sensed) =>
  Array.from({ length: sensed }, (__, reference) => [reference, sensed] as const),
);

/** Deviations of a pair's parameters at the lattice's middle and per half side, px. */
const sds = [0.3, 0.2, 0.25];

/** A pair that errs as it says: the truth moved by an affine map of random parameters. */
function pairOf(reference: number, sensed: number, noise: number, wrong: MatrixTransform = identity): MeasuredPair {
  const lattice = Array.from({ length: 9 }, (_, k) => [(k % 3) - 1, Math.floor(k / 3) - 1] as const);
  const [values, half] = [Array.from({ length: 6 }, (_, i) => noise * sds[i % 3]! * random.normal()), 120] as const;
  const [x, xu, xv, y, yu, yv] = values as [number, number, number, number, number, number];
  const [a, b, d, e] = [1 + xu / half, xv / half, yu / half, 1 + yv / half];
  // About (150, 120) of the pair's reference.
  const error = affine(a, b, 150 + x - a * 150 - b * 120, d, e, 120 + y - d * 150 - e * 120);
  const exact = composeTransforms(invertTransform(truth[reference]!)!, truth[sensed]!);
  const transform = composeTransforms(wrong, composeTransforms(error, exact));
  const back = invertTransform(exact)!;
  const places = lattice.flatMap(([u, v]) => transformPoint(back, 150 + half * u, 120 + half * v));
  const covariance = new Float64Array(18 * 18);
  for (let i = 0; i < 18; i++) {
    for (let j = 0; j < 18; j++) {
      if (i % 2 !== j % 2) continue;
      const [[u, v], [p, q]] = [lattice[i >> 1]!, lattice[j >> 1]!];
      covariance[i * 18 + j] = sds[0]! ** 2 + sds[1]! ** 2 * u * p + sds[2]! ** 2 * v * q;
    }
  }
  const source = Float64Array.from(places);
  const jointError = {
    sensed: source,
    reference: Float64Array.from(
      { length: 18 },
      (_, k) => transformPoint(transform, source[k - (k % 2)]!, source[k - (k % 2) + 1]!)[k % 2]!,
    ),
    covariance,
  };
  const registration = { verdict: 'accept', ...transformToJson(transform) } as unknown as Registration;
  return { reference, sensed, registration, failure: null, jointError };
}

const sizes = truth.map(() => size);
const names = ({ reference, sensed }: MeasuredPair): string => `${reference}-${sensed}`;

describe('a series as a network', () => {
  it('gives each image its place exactly where pairs are exact', () => {
    const { places, varianceFactor, degreesOfFreedom } = solveNetwork(
      sizes,
      all.map(([reference, sensed]) => pairOf(reference, sensed, 0)),
    );
    expect(degreesOfFreedom).toBe(36);
    expect(varianceFactor).toBeLessThan(1e-9);
    for (const [image, { transform }] of places) {
      const [x, y] = transformPoint(transform, 40, 200);
      const [X, Y] = transformPoint(truth[image]!, 40, 200);
      expect(Math.hypot(x - X, y - Y)).toBeLessThan(1e-4);
    }
  });

  it('predicts the errors of its places, and closes loops to less than its pairs do', () => {
    const [pixel, middle] = [
      [150, 120],
      [150, 120],
    ] as const;
    let [squares, predicted, single, factors] = [0, 0, 0, 0];
    const runs = 150;
    for (let run = 0; run < runs; run++) {
      const pairs = all.map(([reference, sensed]) => pairOf(reference, sensed, 1));
      const network = solveNetwork(sizes, pairs);
      const place = network.places.get(1)!;
      const [x, y] = transformPoint(place.transform, ...transformPoint(invertTransform(truth[1]!)!, ...middle));
      const [xx, , yy] = place.covarianceAt(...middle);
      squares += ((x - pixel[0]) ** 2 / xx + (y - pixel[1]) ** 2 / yy) / 2;
      predicted += xx / runs;
      single += sds[0]! ** 2 / runs;
      factors += network.varianceFactor / runs;
    }
    expect(squares / runs).toBeGreaterThan(0.75);
    expect(squares / runs).toBeLessThan(1.25);
    expect(factors).toBeGreaterThan(0.8);
    expect(factors).toBeLessThan(1.1);
    expect(predicted).toBeLessThan(0.7 * single);
  });

  it('leaves out the pairs that the rest contradicts, and no others', () => {
    const wrong: Readonly<Record<string, MatrixTransform>> = {
      '0-2': translation(9, 4),
      '1-3': affine(1.04, 0, -6, 0, 0.97, 5),
    };
    const pairs = all.map(([reference, sensed]) =>
      pairOf(reference, sensed, 1, wrong[`${reference}-${sensed}`] ?? identity),
    );
    const { pairs: outcomes, places } = solveNetwork(sizes, pairs);
    const leftOut = outcomes.filter(({ state }) => state === 'left-out');
    expect(leftOut.map(({ pair }) => names(pair))).toEqual(['0-2', '1-3']);
    const { check } = leftOut[0]!;
    expect(check!.misclosure).toBeGreaterThan(7);
    expect(check!.statistic).toBeGreaterThan(check!.limit);
    const [x, y] = transformPoint(places.get(2)!.transform, 150, 120);
    const [X, Y] = transformPoint(truth[2]!, 150, 120);
    const [xx, , yy] = places.get(2)!.covarianceAt(X, Y);
    expect((x - X) ** 2 / xx + (y - Y) ** 2 / yy).toBeLessThan(14);
  });

  it('doubts all pairs of a loop of which one must be wrong, where nothing else speaks', () => {
    const pairs = [pairOf(0, 1, 1), pairOf(0, 2, 1, translation(12, 0)), pairOf(1, 2, 1), pairOf(2, 3, 1)];
    const { pairs: outcomes, places, varianceFactor } = solveNetwork(sizes, pairs);
    expect(outcomes.map(({ state }) => state)).toEqual(['in-doubt', 'in-doubt', 'in-doubt', 'used']);
    expect(outcomes[3]!.check).toBeNull();
    expect(varianceFactor).toBeGreaterThan(10);
    // Known no better than the loop lets it be.
    const [xx] = places.get(2)!.covarianceAt(150, 120);
    expect(Math.sqrt(xx)).toBeGreaterThan(1);
    expect([places.get(2)!.isChecked, places.get(3)!.isChecked, places.has(4)]).toEqual([true, false, false]);
  });

  it.each([
    ['translation', 12],
    ['similarity', 24],
  ] as const)('corrects by no more than a %s where registrations are bound to it', (model, degrees) => {
    const pairs = all.map(([reference, sensed]) => pairOf(reference, sensed, 0.1));
    const { degreesOfFreedom, places } = solveNetwork(sizes, pairs, model);
    expect(degreesOfFreedom).toBe(degrees);
    const start = pairs.find(({ reference, sensed }) => reference === 0 && sensed === 1)!;
    const [a, b, , d, e] = (places.get(1)!.transform as MatrixTransform).matrix;
    const [[p, q], [r, s]] = start.registration!.sensedToReference!;
    // What is left of the first placement's own shape: of [a b; d e] = C [p q; r s], C is a similarity.
    const [c00, c01] = [(a * s - b * r) / (p * s - q * r), (b * p - a * q) / (p * s - q * r)];
    const [c10, c11] = [(d * s - e * r) / (p * s - q * r), (e * p - d * q) / (p * s - q * r)];
    expect([c00 - c11, c01 + c10].every((v) => Math.abs(v) < 1e-9)).toBe(true);
    expect(model === 'similarity' || Math.abs(c00 - 1) + Math.abs(c10) < 1e-9).toBe(true);
  });
});
