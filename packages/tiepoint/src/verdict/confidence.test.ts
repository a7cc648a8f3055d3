import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Accuracy, Evidence } from '../evidence/evidence.js';
import { confidenceOf } from './confidence.js';
import { judge } from './judge.js';
import { verdictLimits } from './limits.js';

const accuracy: Accuracy = { rmse: 0.9, checkRmse: 1.2, ce90: 1.8, predictedSd: 0.3, unit: 'px' };
const strong: Evidence = {
  unit: 'px',
  logFalseAlarms: [-40, -30, -50],
  tried: 80,
  matched: 78,
  inliers: 75,
  score: 0.4,
  distinctness: 0.06,
  rival: null,
  motion: null,
  coverage: { share: 1, least: { half: 'left', agreeing: 0.95, opposite: 1 } },
};
const chance: Evidence = { ...strong, logFalseAlarms: [-2, -1, -2], inliers: 12, distinctness: 0.02 };

describe('confidence', () => {
  test('is high where all agrees, and low where chance agrees as well', () => {
    expect(confidenceOf(strong, accuracy)).toBeGreaterThan(0.98);
    expect(confidenceOf(chance, { ...accuracy, checkRmse: 3, predictedSd: 3 })).toBeLessThan(0.5);
  });

  test('never grows with what speaks against an answer', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1.1, noNaN: true }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (share, significance, deviation) => {
          const against: Evidence = {
            ...strong,
            rival: { dx: 40, dy: 0, share },
            motion: { x: 0, y: 0, dx: 8, dy: 0, share: 0.5, significance },
            pattern: { deviation, x: 0, y: 0, dx: 0, dy: 0 },
          };
          expect(confidenceOf(against, accuracy)).toBeLessThanOrEqual(confidenceOf(strong, accuracy));
        },
      ),
      { seed: 1 },
    );
  });

  test('is what accepts and warns', () => {
    const confidence = confidenceOf(strong, accuracy);
    const verdictAt = (accept: number): string =>
      judge(strong, accuracy, { ...verdictLimits, confidence: { refuse: 0, accept } }).verdict;
    expect(verdictAt(confidence - 1e-6)).toBe('accept');
    expect(verdictAt(confidence + 1e-6)).toBe('warn');
    expect(judge(strong, accuracy).confidence).toBe(confidence);
  });
});
