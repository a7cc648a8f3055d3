import { translation } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import type { TiePoint } from '../result/tie-point.js';
import { summariseDisplacements } from './assess.js';
import { displacementsOf } from './displacements.js';

const point = (sensed: [number, number], reference: [number, number], inlier = true): TiePoint => ({
  sensed,
  reference,
  covariance: [0.1, 0, 0.1],
  score: 1,
  inlier,
});

describe('displacements', () => {
  it('is where things are shown minus where they belong, over the inliers', () => {
    const tiePoints = [point([0, 0], [2, 0]), point([10, 0], [14, 0]), point([5, 5], [500, 500], false)];
    const found = summariseDisplacements(displacementsOf(tiePoints, translation(5, 0)), 10)!;
    // Shown at 5 and 15, belonging at 2 and 14: displaced by 3 and 1.
    expect(found).toEqual({
      meanX: 2,
      meanY: 0,
      rmse: Math.sqrt(5),
      rmseAboutMean: 1,
      median: 1,
      ce90: 3,
      largest: 3,
      unit: 'px',
      ce90Metres: 30,
    });
  });

  it('is null without inliers', () => {
    expect(summariseDisplacements(displacementsOf([point([0, 0], [1, 1], false)], translation(0, 0)), null)).toBeNull();
  });
});
