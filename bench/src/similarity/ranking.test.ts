import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { middleInterval, resampledAreas } from './bootstrap.js';
import { areaUnderCurve, rank } from './ranking.js';
import { falsePositiveRateAt, rocCurve } from './roc.js';

// Few distinct values, so that ties are common.
const scores = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 })
  .map((v) => Float32Array.from(v));

test('the area is the share of pairs of a positive and a negative in the right order', () => {
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      let wins = 0;
      for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
      expect(areaUnderCurve(rank(positives, negatives))).toBeCloseTo(wins / (positives.length * negatives.length), 12);
    }),
    { seed: 5 },
  );
});

test('the area is the one under the curve', () => {
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      const ranking = rank(positives, negatives);
      const curve = rocCurve(ranking);
      let area = 0;
      for (const [i, b] of curve.entries()) {
        const a = curve[Math.max(0, i - 1)]!;
        area += ((b.falsePositiveRate - a.falsePositiveRate) * (a.truePositiveRate + b.truePositiveRate)) / 2;
      }
      expect(curve.at(-1)).toEqual({ falsePositiveRate: 1, truePositiveRate: 1 });
      expect(area).toBeCloseTo(areaUnderCurve(ranking), 12);
    }),
    { seed: 6 },
  );
});

test('the false positive rate at a recall counts negatives above the weakest positive that is needed', () => {
  const positives = Float32Array.from({ length: 20 }, (_, i) => i + 1);
  // 19 of 20 positives score 2 or more; so do 3 of these 4.
  const curve = rocCurve(rank(positives, Float32Array.of(0, 2, 5.5, 30)));
  expect(falsePositiveRateAt(curve, 0.95)).toBe(0.75);
  expect(falsePositiveRateAt(curve, 0.5)).toBe(0.25);
});

test('a score that is no number is the lowest', () => {
  expect(areaUnderCurve(rank(Float32Array.of(Number.NaN), Float32Array.of(-5)))).toBe(0);
});

test('resampled areas spread about the area as theory says', () => {
  const positives = Float32Array.from({ length: 200 }, (_, i) => i + 100);
  const negatives = Float32Array.from({ length: 200 }, (_, i) => i);
  const area = areaUnderCurve(rank(positives, negatives));
  const areas = resampledAreas(positives, negatives, 500, 1);
  const mean = areas.reduce((sum, a) => sum + a, 0) / areas.length;
  const deviation = Math.sqrt(areas.reduce((sum, a) => sum + (a - mean) ** 2, 0) / areas.length);
  // Hanley and McNeil 1982, whose formula is a little wide for scores that are not exponential.
  const [q1, q2] = [area / (2 - area), (2 * area ** 2) / (1 + area)];
  const expected = Math.sqrt((area * (1 - area) + 199 * (q1 + q2 - 2 * area ** 2)) / 200 ** 2);
  expect(mean).toBeCloseTo(area, 2);
  expect(deviation / expected).toBeGreaterThan(0.8);
  expect(deviation / expected).toBeLessThan(1.2);
  const [low, high] = middleInterval(areas, 0.95);
  expect(areas.filter((a) => a >= low && a <= high).length / areas.length).toBeCloseTo(0.95, 1);
  expect(resampledAreas(positives, negatives, 3, 1)).toEqual(areas.slice(0, 3));
});
