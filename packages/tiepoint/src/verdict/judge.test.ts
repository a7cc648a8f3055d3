import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Accuracy, Evidence } from '../evidence/evidence.js';
import { strengthOf } from '../refine/window-agreement.js';
import { reasonsOf } from '../result/words.js';
import { judge } from './judge.js';

const accuracy: Accuracy = { rmse: 0.5, checkRmse: 0.7, ce90: 1, predictedSd: 0.2, unit: 'px' };
const strong: Evidence = {
  unit: 'px',
  logFalseAlarms: [-40, -30, -50],
  tried: 80,
  matched: 78,
  inliers: 75,
  score: 0.4,
  distinctness: 0.06,
};

describe('judge', () => {
  test('accepts overwhelming evidence and refuses none', () => {
    expect(judge(strong, accuracy).verdict).toBe('accept');
    expect(judge({ ...strong, logFalseAlarms: [0, 0, 0], distinctness: 0.015 }, accuracy).verdict).toBe('refuse');
  });

  test('doubts a model that held-out points miss together, not one whose points scatter', () => {
    const pattern = { deviation: 1.6, x: 100, y: 300, dx: 3, dy: -0.5 };
    const { verdict, findings } = judge({ ...strong, pattern }, accuracy);
    expect(verdict).toBe('warn');
    expect(reasonsOf(findings)[0]).toContain('1.6 px per axis');
    const scattered = judge({ ...strong, pattern: { ...pattern, deviation: 0.5 } }, { ...accuracy, checkRmse: 2.8 });
    expect(scattered.findings.map(({ code }) => code)).not.toContain('stiff-model');
  });

  test('doubts what part of the ground contradicts, or says nothing of', () => {
    const motion = { x: 100, y: 50, dx: 0, dy: 10, share: 0.49, significance: 4 };
    expect(judge({ ...strong, motion }, accuracy).findings[0]).toMatchObject({
      code: 'two-motions',
      severity: 'warn',
      values: { dy: 10, share: 0.49 },
    });
    expect(judge({ ...strong, motion: { ...motion, significance: 0.4 } }, accuracy).verdict).toBe('accept');
    const least = { half: 'left', agreeing: 0.2, opposite: 0.9 } as const;
    const codes = (coverage: Evidence['coverage']): string[] =>
      judge({ ...strong, coverage }, accuracy).findings.map(({ code }) => code);
    expect(codes({ share: 0.9, least })[0]).toBe('one-sided');
    expect(codes({ share: 0.2, least: { ...least, agreeing: 0.8 } })[0]).toBe('little-covered');
    expect(judge({ ...strong, coverage: { share: 1, least: { ...least, agreeing: 0.6 } } }, accuracy).verdict).toBe(
      'accept',
    );
  });

  test('refuses what fits another place as well, and says which', () => {
    const rival = { dx: 30, dy: -40, share: 0.96 };
    const { verdict, findings } = judge({ ...strong, rival }, accuracy);
    expect(verdict).toBe('refuse');
    expect(reasonsOf(findings)[0]).toContain('another position, 50 px away, fits 96 % as well');
    expect(judge({ ...strong, rival: { ...rival, share: 0.84 } }, accuracy).verdict).toBe('warn');
    expect(judge({ ...strong, rival: { ...rival, share: 0.3 } }, accuracy).verdict).toBe('accept');
    expect(judge({ ...strong, rival: null }, accuracy).verdict).toBe('accept');
    // Where detail tells the places apart it is coarse structure that repeats.
    expect(judge({ ...strong, rival: { ...rival, contrast: 0.9 } }, accuracy).verdict).toBe('refuse');
    expect(judge({ ...strong, rival: { ...rival, contrast: 0.2 } }, accuracy).verdict).toBe('accept');
  });

  test('doubts an answer that leaves agreeing pixels behind', () => {
    const { verdict, findings } = judge({ ...strong, samePixels: 20 }, accuracy);
    expect(verdict).toBe('warn');
    expect(reasonsOf(findings)[0]).toContain('marks that could not be left out');
    expect(judge({ ...strong, samePixels: 4 }, accuracy).verdict).toBe('accept');
  });

  test('doubts an answer that stands still with marks of both files, unless much else supports it', () => {
    const marks = { share: 0.12, moved: 0.8 };
    const some = { ...strong, logFalseAlarms: [-25, -20, -20], distinctness: 0.03 } as const;
    const { verdict, findings } = judge({ ...some, marks }, accuracy);
    expect(verdict).toBe('warn');
    expect(reasonsOf(findings)[0]).toContain('12 %');
    expect(judge({ ...some, marks: { ...marks, moved: 20 } }, accuracy).verdict).toBe('accept');
    // The ground beside them decides where it can be asked.
    expect(judge({ ...some, marks: { ...marks, ground: 6 } }, accuracy).verdict).toBe('accept');
    expect(judge({ ...some, marks: { ...marks, ground: 3 } }, accuracy).verdict).toBe('warn');
    const overwhelming = { ...some, logFalseAlarms: [-90, -80, -85], distinctness: 0.06, marks } as const;
    const codes = judge(overwhelming, accuracy).findings.map(({ code }) => code);
    expect(codes).toContain('common-marks');
    expect(codes).not.toContain('stands-with-marks');
    expect(judge({ ...overwhelming, marks: { ...marks, ground: 3 } }, accuracy).verdict).toBe('warn');
  });

  test('believes the network where the windows leave doubts', () => {
    const weak = { ...strong, logFalseAlarms: [-4, -4, -4], distinctness: 0.03 } as const;
    expect(judge(weak, accuracy).verdict).toBe('refuse');
    expect(judge({ ...weak, contrast: 4.5 }, accuracy).verdict).toBe('refuse');
    const { verdict, findings } = judge({ ...weak, contrast: 8.4 }, accuracy);
    expect(verdict).not.toBe('refuse');
    expect(reasonsOf(findings).at(-1)).toContain('8.4 standard errors');
    // It cannot by itself make up for everything.
    const none = { ...weak, logFalseAlarms: [0, 0, 0], distinctness: 0, contrast: 30 } as const;
    expect(judge(none, accuracy).verdict).toBe('refuse');
  });

  test('more agreement never weakens the evidence', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -80, max: 0, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (a, more) => {
          const before = strengthOf({ ...strong, logFalseAlarms: [a, 0, -10] });
          expect(strengthOf({ ...strong, logFalseAlarms: [a - more, 0, -10] })).toBeGreaterThanOrEqual(before);
        },
      ),
      { seed: 1 },
    );
  });
});
