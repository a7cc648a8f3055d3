import { describe, expect, test } from 'vitest';
import { findRival } from './rival-place.js';

const side = 41;
const radius = 20;

/** A map of joint scores from a function of the shift. */
function map(score: (dx: number, dy: number) => number): { scores: Float64Array; side: number; count: number } {
  const scores = Float64Array.from({ length: side * side }, (_, i) =>
    score((i % side) - radius, Math.floor(i / side) - radius),
  );
  return { scores, side, count: 16 };
}

const bump = (dx: number, dy: number, width = 2): number => Math.exp(-(dx * dx + dy * dy) / (2 * width * width));

describe('findRival', () => {
  test('finds the other peak, counted from the solution', () => {
    const found = findRival(map((x, y) => bump(x - 1, y) + 0.8 * bump(x - 13, y + 6)));
    expect(found).toMatchObject({ dx: 12, dy: -6 });
    expect(found!.share).toBeCloseTo(0.8, 2);
  });

  test('a wide peak and a ridge are no other place', () => {
    expect(findRival(map((x, y) => bump(x, y, 9)))).toBeNull();
    expect(findRival(map((x, y) => bump(0, y - 0.5 * x) * (1 - 0.01 * Math.abs(x))))).toBeNull();
  });

  test('leaves out places that cannot be', () => {
    const scores = map((x, y) => bump(x, y) + 0.9 * bump(x - 15, y) + 0.5 * bump(x, y - 9));
    expect(findRival(scores, (dx, dy) => Math.hypot(dx, dy) < 11)).toMatchObject({ dx: 0, dy: 9 });
  });

  test('there is none where the solution itself fits nowhere', () => {
    expect(findRival(map((x, y) => bump(x - 15, y) - 0.1))).toBeNull();
  });
});
