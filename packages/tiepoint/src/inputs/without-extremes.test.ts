import type { Plane } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { believedRange, withinRange } from './without-extremes.js';

/** Values from 100 to 163, with some replaced. */
function planeWith(...values: readonly number[]): Plane {
  const data = Float32Array.from({ length: 64 * 64 }, (_, i) => 100 + (i % 64));
  for (const [i, v] of values.entries()) data[100 + i] = v;
  return { width: 64, height: 64, data };
}

function leftOut(plane: Plane): number {
  const range = believedRange(plane);
  return range === null ? 0 : withinRange(plane, range).mask!.filter((v) => v === 0).length;
}

describe('samples that are no values of an image', () => {
  it('are left out: extremes, and what customarily stands for nothing', () => {
    expect(leftOut(planeWith(1e30))).toBe(1);
    expect(leftOut(planeWith(-1e10, -1e10))).toBe(2);
    expect(leftOut(planeWith(-9999, -9999, -9999))).toBe(3);
    expect(leftOut(planeWith(-32768))).toBe(1);
    expect(leftOut(planeWith(1e20, -1e20))).toBe(2);
  });

  it('are not bright targets, nor customary values in the midst of others', () => {
    expect(leftOut(planeWith(160_000, 50, 400, 0))).toBe(0);
    const deep = Float32Array.from({ length: 4096 }, (_, i) => -12_000 + i * 3);
    deep[7] = -9999;
    expect(leftOut({ width: 64, height: 64, data: deep })).toBe(0);
  });

  it('are told apart from a flat image and from masked samples', () => {
    expect(leftOut({ width: 2, height: 2, data: Float32Array.of(0, 0, 0, 1e9) })).toBe(0);
    const plane = planeWith(1e30);
    const mask = new Uint8Array(plane.data.length).fill(1);
    mask[100] = 0;
    expect(leftOut({ ...plane, mask })).toBe(0);
  });
});
