import { describe, expect, it } from 'vitest';
import { type Correspondences, rescale, subset } from './correspondences.js';
import { normalisedDistance, squaredDistance } from './normalised-distance.js';
import { mean, median, quantile, rootMeanSquare } from './statistics.js';

const points: Correspondences = {
  source: Float64Array.of(1, 2, 3, 4, 5, 6),
  target: Float64Array.of(10, 20, 30, 40, 50, 60),
  covariance: Float64Array.of(1, 0.5, 2, 3, 1, 4, 5, 0, 6),
};

describe('correspondences', () => {
  it('are picked by index, covariance included', () => {
    expect(subset(points, [2, 0])).toEqual({
      source: Float64Array.of(5, 6, 1, 2),
      target: Float64Array.of(50, 60, 10, 20),
      covariance: Float64Array.of(5, 0, 6, 1, 0.5, 2),
    });
    expect(subset({ source: points.source, target: points.target }, [1]).covariance).toBeUndefined();
  });

  it('change their grids, and normalised distances do not', () => {
    const scaled = rescale(points, [2, 3], [4, 5]);
    expect([...scaled.source]).toEqual([2, 6, 6, 12, 10, 18]);
    expect([...scaled.target]).toEqual([40, 100, 120, 200, 200, 300]);
    expect([...scaled.covariance!.subarray(0, 3)]).toEqual([16, 10, 50]);
    const residuals = Float64Array.of(0.3, -0.2, 1, 2, 0, 0);
    const onTarget = residuals.map((v, i) => v * (i % 2 === 0 ? 4 : 5));
    for (const i of [0, 1, 2]) {
      expect(normalisedDistance(onTarget, scaled.covariance, i)).toBeCloseTo(
        normalisedDistance(residuals, points.covariance, i),
        12,
      );
    }
    expect(squaredDistance([3, 4], [1, 0, 1])).toBe(25);
    expect(normalisedDistance(Float64Array.of(3, 4), undefined, 0)).toBe(25);
  });
});

describe('statistics', () => {
  it('are those of the textbook', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(mean([])).toBe(0);
    expect(median(Float64Array.of(9, 1, 5))).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.9)).toBe(4);
    expect(quantile([7], 0)).toBe(7);
    expect(rootMeanSquare([3, 4])).toBeCloseTo(Math.sqrt(12.5), 12);
  });
});
