import { similarity, translation } from '@tiepoint/geometry';
import { expect, it } from 'vitest';
import { decadesOfSupport, distanceBetween, viewSupport } from './view-support.js';

const size = { width: 200, height: 200 };
const planes = [size, size] as const;
const right = { inliers: 20, referenceToSensed: translation(150, 0) };
const besideIt = { inliers: 18, referenceToSensed: similarity(1.02, 0.01, 148, 1) };
const elsewhere = { inliers: 10, referenceToSensed: translation(-60, 40) };

it('asks how many more pairs agree with a view than with any that puts the ground elsewhere', () => {
  expect(viewSupport(right, [right, besideIt, elsewhere], planes, 20)).toBeCloseTo(20 * Math.log10(2), 9);
  expect(viewSupport(elsewhere, [right, elsewhere], planes, 20)).toBe(0);
  // Alone it is compared with what chance brings.
  expect(viewSupport(right, [right], planes, 20)).toBeCloseTo(20 * Math.log10(20 / 7), 9);
});

it('measures how far apart two geometries put the ground in common, not what lies far from it', () => {
  const turned = similarity(1, 0.1, 150, -15);
  // The strip in common is the left quarter of the reference: the turn moves its corners little.
  expect(distanceBetween(...planes, translation(150, 0), turned)).toBeLessThan(20);
  expect(distanceBetween(...planes, translation(300, 0), translation(0, 0))).toBe(Infinity);
});

it('counts nothing that unrelated images reach, and no more than a limit', () => {
  expect(decadesOfSupport(11 * Math.log10(11 / 8))).toBe(0);
  expect(decadesOfSupport(23 * Math.log10(23 / 11))).toBeGreaterThan(20);
  expect(decadesOfSupport(60)).toBe(24);
});
