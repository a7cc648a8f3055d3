import { describe, expect, test } from 'vitest';
import { logFalseAlarms } from './significance.js';

describe('logFalseAlarms', () => {
  const base = { tried: 50, searchArea: 41 * 41, sample: 3, independence: 1, threshold: 3 };

  test('random matches are not surprising, agreeing ones are', () => {
    const apart = Array.from({ length: 50 }, (_, i) => 3 + i);
    expect(logFalseAlarms({ ...base, residuals: apart })).toBe(0);
    expect(
      logFalseAlarms({ ...base, residuals: [...Array<number>(40).fill(0.7), ...apart.slice(0, 10)] }),
    ).toBeLessThan(-60);
  });

  test('windows that share ground count less', () => {
    const residuals = Array<number>(40).fill(0.7);
    const half = logFalseAlarms({ ...base, residuals, independence: 0.5 });
    expect(half).toBeGreaterThan(logFalseAlarms({ ...base, residuals }));
    expect(half).toBeLessThan(-15);
  });
});
