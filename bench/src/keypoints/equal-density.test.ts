import { createRandom, translation } from '@tiepoint/geometry';
import { expect, it } from 'vitest';
import { atEqualDensity } from './equal-density.js';
import type { Truth } from './metrics.js';

const size = { width: 256, height: 256 };
/** The sensed image shows what lies 64 px further right: they have 192 × 256 px in common. */
const truth: Truth = { reference: size, sensed: size, sensedToReference: translation(64, 0) };

const random = createRandom(1);
const strewn = (count: number): Float64Array => Float64Array.from({ length: 2 * count }, () => 256 * random.uniform());

it('keeps 125 keypoints for each 256² of common ground away from both borders, the first of them', () => {
  const points = { reference: strewn(2000), sensed: strewn(2000) };
  const { reference, sensed } = atEqualDensity(points, truth);
  const expected = Math.round((125 * 128 * 192) / 256 ** 2);
  expect([reference.length, sensed.length]).toEqual([2 * expected, 2 * expected]);
  for (let i = 0; i < reference.length; i += 2) {
    expect(Math.min(reference[i]! - 96, 224 - reference[i]!)).toBeGreaterThanOrEqual(0);
    expect(Math.min(sensed[i]! - 32, 160 - sensed[i]!)).toBeGreaterThanOrEqual(0);
    expect(Math.min(sensed[i + 1]! - 32, 224 - sensed[i + 1]!)).toBeGreaterThanOrEqual(0);
  }
  const last = points.reference.findIndex((v, i) => i % 2 === 0 && v === reference.at(-2));
  // Strewn evenly, as many of the first as the share of the ground.
  expect(last / 2).toBeLessThan(250);
});

it('keeps away from ground without data in either image', () => {
  const mask = new Uint8Array(256 * 256).fill(1);
  mask[128 * 256 + 96] = 0;
  const { reference, sensed } = atEqualDensity(
    { reference: strewn(4000), sensed: strewn(4000) },
    { ...truth, sensed: { ...size, mask } },
  );
  const nearest = (points: Float64Array, cx: number, cy: number): number => {
    let least = Infinity;
    for (let i = 0; i < points.length; i += 2) {
      least = Math.min(least, Math.max(Math.abs(points[i]! - cx), Math.abs(points[i + 1]! - cy)));
    }
    return least;
  };
  expect(nearest(sensed, 96.5, 128.5)).toBeGreaterThan(32);
  expect(nearest(reference, 160.5, 128.5)).toBeGreaterThan(32);
});
