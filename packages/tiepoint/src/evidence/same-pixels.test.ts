import { createRandom, type Plane, similarity, translation } from '@tiepoint/geometry';
import { expect, it } from 'vitest';
import { boxMean } from '../inputs/box-mean.js';
import { agreementAtSamePixels, movesAway } from './same-pixels.js';

const [width, height] = [200, 160];

function ground(seed: number): Plane {
  const random = createRandom(seed);
  const rough = Float32Array.from({ length: width * height }, () => 100 * random.uniform());
  return { width, height, data: boxMean(rough, width, height, 1) };
}

/** A detector whose pixels differ a little. */
function seenBy(plane: Plane, seed: number): Plane {
  const random = createRandom(seed);
  return { ...plane, data: plane.data.map((v) => v + 4 * random.normal()) };
}

it('sees what one detector leaves in two images of different ground', () => {
  expect(agreementAtSamePixels(seenBy(ground(1), 9), seenBy(ground(2), 9))).toBeGreaterThan(8);
  expect(Math.abs(agreementAtSamePixels(seenBy(ground(1), 9), seenBy(ground(2), 8)))).toBeLessThan(4);
});

it('does not take smooth ground that lies a little aside for marks', () => {
  const smooth = (seed: number): Plane => {
    const plane = ground(seed);
    return { ...plane, data: boxMean(boxMean(plane.data, width, height, 6), width, height, 6) };
  };
  const plane = smooth(4);
  for (const shift of [6, 7, 9, 12]) {
    const data = plane.data.map((_, i) => plane.data[Math.min(plane.data.length - 1, i + shift)]!);
    expect(Math.abs(agreementAtSamePixels(plane, { ...plane, data }))).toBeLessThan(8);
  }
});

it('looks at valid pixels only, of what two sizes share', () => {
  const mask = Uint8Array.from({ length: width * height }, (_, i) => (i % width < 50 ? 0 : 1));
  const hidden = (plane: Plane): Plane => ({ ...plane, data: plane.data.map((v, i) => v * mask[i]!), mask });
  expect(Math.abs(agreementAtSamePixels(hidden(ground(1)), hidden(ground(2))))).toBeLessThan(4);
  const first = seenBy(ground(1), 9);
  const shorter = { width, height: 120, data: first.data.slice(0, width * 120) };
  expect(agreementAtSamePixels(first, shorter)).toBeGreaterThan(8);
});

it.each([
  ['a shift', translation(9, 2), true],
  ['a small shift', translation(3, 3), false],
  ['a turn about the middle', similarity(1, 0.2, width / 2, height / 2), true],
])('knows whether %s moves nearly all pixels', (_name, transform, expected) => {
  expect(movesAway({ width, height }, transform)).toBe(expected);
});
