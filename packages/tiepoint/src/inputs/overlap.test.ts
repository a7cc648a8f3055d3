import { similarity, translation } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { areaOf, latticeIn, overlapOf } from './overlap.js';

const reference = { width: 400, height: 300 };

describe('the overlap of two images', () => {
  it('is what both cover', () => {
    const inside = overlapOf(reference, { width: 100, height: 80 }, translation(-50, -60));
    expect(areaOf(inside)).toBeCloseTo(8000, 6);
    expect(areaOf(overlapOf(reference, { width: 1000, height: 900 }, translation(200, 300)))).toBeCloseTo(120_000, 6);
    // Moved right by 350 and up by 20, 50 × 60 px of the small image are left.
    expect(areaOf(overlapOf(reference, { width: 100, height: 80 }, translation(-350, 20)))).toBeCloseTo(3000, 6);
    // A square of 200 px turned by 45° on the corner (0, 0): a quarter of it is on the reference.
    const turned = overlapOf(
      reference,
      { width: 200, height: 200 },
      { model: 'affine', matrix: [Math.SQRT1_2, Math.SQRT1_2, 100, -Math.SQRT1_2, Math.SQRT1_2, 100, 0, 0, 1] },
    );
    expect(areaOf(turned)).toBeCloseTo(10_000, 6);
  });

  it('is nothing where the images lie apart', () => {
    expect(overlapOf(reference, { width: 100, height: 80 }, translation(-500, 0))).toEqual([]);
    expect(latticeIn([], 8)).toEqual([]);
  });

  it('counts in pixels of the reference', () => {
    const half = overlapOf(reference, { width: 100, height: 100 }, similarity(0.5, 0, 0, 0));
    expect(areaOf(half)).toBeCloseTo(40_000, 6);
  });

  it('has lattice points inside only', () => {
    const diamond = [
      [50, 0],
      [100, 50],
      [50, 100],
      [0, 50],
    ] as const;
    const points = latticeIn(diamond, 9);
    // Of 9 × 9, those within four steps of the middle.
    expect(points).toHaveLength(41);
    expect(points.every(([x, y]) => Math.abs(x - 50) + Math.abs(y - 50) < 50)).toBe(true);
  });
});
