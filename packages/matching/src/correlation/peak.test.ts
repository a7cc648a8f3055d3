import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPeak } from './peak.js';

const side = 17;

function map(dx: number, dy: number): Float32Array {
  return Float32Array.from({ length: side * side }, (_, i) => {
    const x = (i % side) - 8 - dx;
    const y = Math.floor(i / side) - 8 - dy;
    return Math.exp(-(x * x + 0.5 * x * y + y * y) / 18);
  });
}

test('finds the peak of a smooth map to a twentieth of a pixel', () => {
  const place = fc.double({ min: -6, max: 6, noNaN: true });
  fc.assert(
    fc.property(place, place, (dx, dy) => {
      const peak = findPeak(map(dx, dy), 0, side);
      expect(peak).not.toBeNull();
      expect(Math.hypot(peak!.dx - dx, peak!.dy - dy)).toBeLessThan(0.05);
    }),
    { seed: 2 },
  );
});

test('a peak on the border is none', () => {
  expect(findPeak(map(9, 0), 0, side)).toBeNull();
});

test('two equal peaks are not distinct', () => {
  const [a, b] = [map(-5, 0), map(5, 0)];
  const both = a.map((v, i) => Math.max(v, b[i]!));
  expect(findPeak(both, 0, side)!.distinctness).toBeCloseTo(0, 5);
  expect(findPeak(a, 0, side)!.distinctness).toBeGreaterThan(0.3);
});
