import { expect, it } from 'vitest';
import { areaUnderCurve } from './area-under-curve.js';

it('is 1 for separated scores, 0 for reversed ones and ½ for equal ones', () => {
  expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
  expect(areaUnderCurve([1, 2], [3, 4])).toBe(0);
  expect(areaUnderCurve([1, 1], [1, 1, 1])).toBe(0.5);
});

it('counts pairs in order, ties as half', () => {
  const positives = [0.9, 0.4, 0.4];
  const negatives = [0.4, 0.1];
  // Of six pairs four are in order and two tied.
  expect(areaUnderCurve(positives, negatives)).toBeCloseTo(5 / 6, 12);
});
