import { type Plane, translation } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { sharedGround } from './shared-ground.js';

function plane(width: number, height: number, valid?: (x: number, y: number) => boolean): Plane {
  const data = new Float32Array(width * height);
  if (valid === undefined) return { width, height, data };
  return {
    width,
    height,
    data,
    mask: Uint8Array.from(data, (_, i) => Number(valid(i % width, Math.floor(i / width)))),
  };
}

describe('the ground that two images share', () => {
  it('is their overlap where nothing is masked', () => {
    const { area, points } = sharedGround(plane(400, 300), plane(100, 80), translation(-350, 20));
    expect(area).toBeCloseTo(3000, 6);
    expect(points).toHaveLength(32 * 32);
  });

  it('leaves out what the mask of either image does', () => {
    const reference = plane(200, 100, (x) => x >= 50);
    const sensed = plane(200, 100, (_, y) => y < 50);
    // The sensed image lies 100 px to the left: 100 × 100 px are in both, less 50 columns and 50 rows.
    const { area, points } = sharedGround(reference, sensed, translation(100, 0));
    expect(area).toBeCloseTo(2500, 6);
    expect(points.every(([x, y]) => x >= 50 && x < 100 && y < 50)).toBe(true);
  });

  it('is nothing where the images lie apart or all of one is masked', () => {
    expect(sharedGround(plane(50, 50), plane(50, 50), translation(60, 0))).toEqual({ area: 0, points: [] });
    const none = plane(50, 50, () => false);
    expect(sharedGround(plane(50, 50), none, translation(0, 0))).toEqual({ area: 0, points: [] });
  });
});
