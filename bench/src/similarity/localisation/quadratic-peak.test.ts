import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { quadraticPeak } from './quadratic-peak.js';

const side = 11;
const field = (value: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: side * side }, (_, i) => value((i % side) - 5, Math.floor(i / side) - 5));

test('finds the top of a paraboloid exactly', () => {
  const place = fc.double({ min: -3.5, max: 3.5, noNaN: true });
  fc.assert(
    fc.property(place, place, (tx, ty) => {
      const found = quadraticPeak(
        field((x, y) => 5 - (x - tx) ** 2 - 0.5 * (x - tx) * (y - ty) - 2 * (y - ty) ** 2),
        0,
        side,
      );
      expect(found.x).toBeCloseTo(tx, 3);
      expect(found.y).toBeCloseTo(ty, 3);
    }),
    { seed: 3 },
  );
});

test('keeps to the whole pixel on the rim', () => {
  expect(
    quadraticPeak(
      field((x) => x),
      0,
      side,
    ),
  ).toMatchObject({ x: 5 });
  expect(
    quadraticPeak(
      field((x) => -x * x),
      0,
      side,
    ),
  ).toMatchObject({ x: 0, y: -5 });
});

test('reads the field it is asked for', () => {
  const both = new Float32Array(2 * side * side);
  both.set(
    field((x, y) => -((x - 2) ** 2) - y * y),
    side * side,
  );
  expect(quadraticPeak(both, 1, side).x).toBeCloseTo(2, 5);
});
