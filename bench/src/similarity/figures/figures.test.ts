import { createRandom } from 'onnx-grad';
import { expect, test } from 'vitest';
import type { LocalisationError } from '../localisation/errors.js';
import { rocFigure } from './discrimination.js';
import { byNumberFigure, byReferenceFigure } from './localisation.js';
import { ellipseFigure, normalisedErrorFigure } from './prediction.js';

const random = createRandom(12);

/** Errors whose deviation falls with the similarity, 0 to 1. */
function errors(count: number): LocalisationError[] {
  return Array.from({ length: count }, () => {
    const score = random.uniform();
    const sd = 1.2 - score;
    const covariance = [sd * sd, 0, sd * sd] as const;
    return { x: 0, y: 0, score, covariance, dx: sd * random.normal(), dy: sd * random.normal() };
  });
}

test('deviations fall with similarity in both figures of localisation, and predictions follow them', () => {
  const found = [{ method: 'mind', set: 'a', errors: errors(1000) }];
  const negatives = Float32Array.from({ length: 500 }, () => random.uniform());
  for (const figure of [byReferenceFigure(found, negatives)!, byNumberFigure(found)]) {
    const [measured, predicted] = figure.charts[0]!.series;
    expect(measured!.points.at(-1)![1]).toBeGreaterThan(1.5 * measured!.points[0]![1]);
    for (const [i, [x, sd]] of measured!.points.entries()) {
      expect(predicted!.points[i]![0]).toBe(x);
      expect(sd / predicted!.points[i]![1]).toBeGreaterThan(0.6);
      expect(sd / predicted!.points[i]![1]).toBeLessThan(1.6);
    }
  }
  expect(byReferenceFigure([{ method: 'ncc', set: 'a', errors: [] }], negatives)).toBeUndefined();
});

test('elongated ellipses go to the panel of their direction', () => {
  const error = { x: 0, y: 0, score: 0, dx: 0.3, dy: 0.3 };
  const figure = ellipseFigure([
    { ...error, covariance: [0.8, 0, 0.1] },
    { ...error, covariance: [0.1, 0, 0.8] },
    { ...error, covariance: [0.1, 0, 0.7] },
    { ...error, covariance: [0.4, 0.35, 0.4] },
    // Neither elongated, nor short enough.
    { ...error, covariance: [0.5, 0, 0.4] },
    { ...error, covariance: [9, 0, 1] },
  ]);
  expect(figure.charts.map(({ series }) => series[0]!.points.length)).toEqual([1, 0, 2, 1]);
});

test('the density of normalised errors is one', () => {
  const [chart] = normalisedErrorFigure(errors(2000)).charts;
  for (const axis of [0, 1]) {
    const points = chart!.series[axis]!.points;
    const step = points[1]![0] - points[0]![0];
    expect(points.reduce((sum, [, density]) => sum + density * step, 0)).toBeCloseTo(1, 2);
    expect(points.find(([x]) => Math.abs(x) < 0.25)![1]).toBeCloseTo(0.39, 1);
  }
});

test('the characteristic is over the pairs of all sets', () => {
  const one = { method: 'm', shifted: new Float32Array(1) };
  const figure = rocFigure([
    { ...one, set: 'a', positives: Float32Array.of(3, 2), negatives: Float32Array.of(1, 0) },
    { ...one, set: 'b', positives: Float32Array.of(9, 8), negatives: Float32Array.of(7, 6) },
  ]);
  // Pooled, the second set's negatives come before the first's positives.
  expect(figure.charts[0]!.series[0]!.points).toContainEqual([0.5, 0.5]);
});
