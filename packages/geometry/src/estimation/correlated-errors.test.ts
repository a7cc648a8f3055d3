import { describe, expect, it } from 'vitest';
import {
  affine,
  type Correspondences,
  correlatedErrors,
  createRandom,
  estimateTransform,
  fitTransform,
  predictCovariance,
  type Random,
  transformPoint,
} from '../index.js';

const truth = affine(1.02, -0.03, 5, 0.01, 0.97, -8);
const side = 12;
const spacing = 16;
const places: readonly (readonly [number, number])[] = [
  [96, 96],
  [20, 30],
  [170, 100],
];

/** White noise averaged over a disc: errors of variance 1 that are alike up to its diameter, as those of overlapping windows. */
function smoothErrors(diameter: number, random: Random): number[] {
  const cell = 8;
  const radius = diameter / 2 / cell;
  const margin = Math.ceil(radius);
  const cells = (side * spacing) / cell + 2 * margin;
  const noise = Float64Array.from({ length: cells * cells }, () => random.normal());
  const disc = Array.from({ length: (2 * margin + 1) ** 2 }, (_, i) => [
    (i % (2 * margin + 1)) - margin,
    Math.floor(i / (2 * margin + 1)) - margin,
  ]).filter(([u, v]) => Math.hypot(u!, v!) <= radius);
  return Array.from({ length: side * side }, (_, i) => {
    const u = ((i % side) * spacing) / cell + margin;
    const v = (Math.floor(i / side) * spacing) / cell + margin;
    return disc.reduce((sum, [du, dv]) => sum + noise[(v + dv!) * cells + u + du!]!, 0) / Math.sqrt(disc.length);
  });
}

/** A grid of tie points with errors of 0.5 px per axis, and `shift` that all of them share. */
function tiePoints(errors: (random: Random) => number[], random: Random, shift = 0): Correspondences {
  const [dx, dy] = [errors(random), errors(random)];
  const [sx, sy] = [shift * random.normal(), shift * random.normal()];
  const source: number[] = [];
  const target: number[] = [];
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [8 + (i % side) * spacing, 8 + Math.floor(i / side) * spacing];
    const [X, Y] = transformPoint(truth, x, y);
    source.push(x, y);
    target.push(X + 0.5 * dx[i]! + sx, Y + 0.5 * dy[i]! + sy);
  }
  const covariance = Float64Array.from({ length: 3 * side * side }, (_, i) => (i % 3 === 1 ? 0 : 0.25));
  return { source: Float64Array.from(source), target: Float64Array.from(target), covariance };
}

const independent = (random: Random): number[] => Array.from({ length: side * side }, () => random.normal());
const ranges = [16, 32, 48, 64, 128];
const everyPoint = new Float64Array(side * side).fill(1);

/** Measured error of affine fits over repeated draws, and the mean of what they predict; deviations per axis, px. */
function repeated(
  draws: number,
  make: (random: Random) => Correspondences,
  common = 0,
): { readonly measured: number; readonly predicted: number; readonly usual: number } {
  const random = createRandom(3);
  const sums = { measured: 0, predicted: 0, usual: 0 };
  for (let draw = 0; draw < draws; draw++) {
    const points = make(random);
    const fit = fitTransform(points, 'affine')!;
    const { parameterCovariance } = correlatedErrors(points, fit, everyPoint, { ranges, common })!;
    for (const [x, y] of places) {
      const [X, Y] = transformPoint(truth, x, y);
      const [fx, fy] = transformPoint(fit.transform, x, y);
      sums.measured += (fx - X) ** 2 + (fy - Y) ** 2;
      const [xx, , yy] = predictCovariance({ ...fit, parameterCovariance }, x, y);
      sums.predicted += xx + yy;
      const [ux, , uy] = predictCovariance(fit, x, y);
      sums.usual += ux + uy;
    }
  }
  const deviation = (sum: number): number => Math.sqrt(sum / (2 * draws * places.length));
  return {
    measured: deviation(sums.measured),
    predicted: deviation(sums.predicted),
    usual: deviation(sums.usual),
  };
}

describe('correlatedErrors', () => {
  it.each([32, 64])('predicts the error of fits to windows that share %d px', (diameter) => {
    const { measured, predicted, usual } = repeated(50, (random) =>
      tiePoints((r) => smoothErrors(diameter, r), random),
    );
    expect(Math.abs(predicted / measured - 1)).toBeLessThan(0.25);
    expect(measured / usual).toBeGreaterThan(1.7);
  });

  it('is the usual covariance where errors are independent', () => {
    const { measured, predicted, usual } = repeated(50, (random) => tiePoints(independent, random));
    expect(Math.abs(predicted / usual - 1)).toBeLessThan(0.1);
    expect(Math.abs(predicted / measured - 1)).toBeLessThan(0.2);
  });

  it('adds what all points share, which residuals do not show', () => {
    const shifted = (random: Random): Correspondences => tiePoints(independent, random, 0.2);
    const { measured, predicted } = repeated(50, shifted, 0.16);
    expect(Math.abs(predicted / measured - 1)).toBeLessThan(0.2);
    expect(repeated(10, shifted).predicted).toBeLessThan(0.5 * measured);
  });

  it('tells the variance of a point and over which distance errors are alike', () => {
    const far = tiePoints((r) => smoothErrors(64, r), createRandom(8));
    const none = tiePoints(independent, createRandom(8));
    const [a, b] = [far, none].map((points) =>
      correlatedErrors(points, fitTransform(points, 'affine')!, everyPoint, { ranges })!,
    );
    expect(a!.range).toBeGreaterThanOrEqual(48);
    expect(b!.range).toBeLessThanOrEqual(16);
    for (const { pointVariance } of [a!, b!]) expect(Math.abs(Math.sqrt(pointVariance) - 0.5)).toBeLessThan(0.15);
  });

  it('takes the weights of a robust estimate, which leave wrong points out', () => {
    const random = createRandom(21);
    const points = tiePoints((r) => smoothErrors(32, r), random);
    for (let i = 0; i < points.target.length; i += 10) points.target[i] = 200 * random.uniform();
    const { fit, weights } = estimateTransform(points, { model: 'affine', threshold: 3, seed: 1 })!;
    const { pointVariance } = correlatedErrors(points, fit, weights, { ranges })!;
    expect(Math.abs(Math.sqrt(pointVariance) - 0.5)).toBeLessThan(0.2);
  });

  it('does not trip over points at one place', () => {
    const points = tiePoints(independent, createRandom(2));
    points.source.set(points.source.subarray(0, 2), 2);
    points.target.set(points.target.subarray(0, 2), 2);
    const fit = fitTransform(points, 'affine')!;
    const { parameterCovariance } = correlatedErrors(points, fit, everyPoint, { ranges })!;
    expect(parameterCovariance.every(Number.isFinite)).toBe(true);
  });

  it('has nothing to say without redundancy, of a spline, or without covariances', () => {
    const points = tiePoints(independent, createRandom(2));
    const three = Float64Array.from(everyPoint, (_, i) => (i === 0 || i === 5 || i === 140 ? 1 : 0));
    expect(correlatedErrors(points, fitTransform(points, 'affine', three)!, three, { ranges })).toBeNull();
    expect(correlatedErrors(points, fitTransform(points, 'tps')!, everyPoint, { ranges })).toBeNull();
    const bare = { source: points.source, target: points.target };
    expect(() => correlatedErrors(bare, fitTransform(bare, 'affine')!, everyPoint, { ranges })).toThrow(
      /have covariances/,
    );
  });
});
