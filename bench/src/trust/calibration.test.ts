import { createRandom } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { calibrationOf, type CheckedRegistration } from './calibration.js';

/** Registrations whose errors have the covariance [0.5, 0.2, 0.2] and the truth's own, and which predict `claimed` times it. */
function registrations(claimed: number, truthSd: number): CheckedRegistration[] {
  const random = createRandom(5);
  return Array.from({ length: 300 }, (_, i) => ({
    set: 'infrared',
    level: 'shift',
    id: String(i),
    truthSd,
    points: Array.from({ length: 10 }, () => {
      const u = random.normal();
      const a = Math.sqrt(0.5);
      const b = 0.2 / a;
      const error = [
        a * u + truthSd * random.normal(),
        b * u + Math.sqrt(0.2 - b * b) * random.normal() + truthSd * random.normal(),
      ] as const;
      return { error, covariance: [0.5 * claimed, 0.2 * claimed, 0.2 * claimed] as const };
    }),
  }));
}

describe('the calibration of predicted errors', () => {
  it('is 1 and nine of ten where the predictions are true', () => {
    const row = calibrationOf('infrared', registrations(1, 0));
    expect(row.n).toBe(300);
    expect(row.normalisedSd).toBeCloseTo(1, 1);
    expect(row.robustSd).toBeCloseTo(1, 1);
    expect(row.coverage90).toBeCloseTo(0.9, 1.5);
  });

  it('shows predictions that are half as large as they should be', () => {
    const row = calibrationOf('infrared', registrations(0.25, 0));
    expect(Math.abs(row.normalisedSd - 2)).toBeLessThan(0.1);
    expect(Math.abs(row.robustSd - 2)).toBeLessThan(0.15);
    expect(row.coverage90).toBeLessThan(0.5);
    expect(row.measuredSdPx / row.predictedSdPx).toBeCloseTo(2, 0);
  });

  it('counts registrations of another place apart', () => {
    const right = registrations(1, 0);
    const wrong = right.slice(0, 3).map((r) => ({
      ...r,
      points: r.points.map((point) => ({ ...point, error: [40, -30] as const })),
    }));
    const row = calibrationOf('infrared', [...right, ...wrong]);
    expect(row).toEqual({ ...calibrationOf('infrared', right), n: 303, wrong: 3 });
  });

  it('tells the error of the truth from that of the registration, either way', () => {
    const row = calibrationOf('s1s2', registrations(1, 0.8));
    expect(row.normalisedSd).toBeGreaterThan(1.5);
    expect(row.normalisedSdTruthRemoved).toBeCloseTo(1, 0);
    expect(row.normalisedSdTruthAdded).toBeCloseTo(1, 1);
    expect(row.coverage90TruthAdded).toBeCloseTo(0.9, 1.5);
    expect(
      calibrationOf(
        's1s2',
        registrations(1, 0.8).map((r) => ({ ...r, truthSd: 9 })),
      ).normalisedSdTruthRemoved,
    ).toBe(0);
  });
});
