import { composeTransforms, similarity, translation } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import type { ErrorField } from '../model/error-field.js';
import { closeLoop } from './loop-closure.js';

/** The same standard deviation everywhere. */
function flat(sd: number): ErrorField {
  const covariance = Float64Array.from([0, 1, 2, 3].flatMap(() => [sd * sd, 0, sd * sd]));
  return { width: 100, height: 80, columns: 2, rows: 2, covariance, interpolationError: 0 };
}

const size = { width: 100, height: 80 };
const later = { transform: similarity(2, 0.1, 5, -3), errorField: flat(0.3) };
const step = { transform: translation(4, 6), errorField: flat(0.2) };
const both = composeTransforms(later.transform, step.transform);

describe('a loop of three registrations', () => {
  it('closes where the direct way is the way through the later image', () => {
    const loop = closeLoop(size, { transform: both, errorField: flat(0.1) }, step, later);
    expect(loop.misclosure).toBeCloseTo(0, 9);
    // Both axes of 0.1² + 0.3² + (2 · 0.2)²: a px of the later image is two of the reference.
    expect(loop.expected).toBeCloseTo(Math.sqrt(2 * (0.01 + 0.09 + 0.16)), 6);
    expect(loop.consistent).toBe(true);
  });

  it('does not close where one registration is wrong by more than they predict', () => {
    const off = (dx: number): number | boolean =>
      closeLoop(size, { transform: composeTransforms(translation(dx, 0), both), errorField: flat(0.1) }, step, later)
        .consistent;
    expect(off(1.5)).toBe(true);
    expect(off(4)).toBe(false);
  });
});
