import { identity } from '@tiepoint/geometry';
import { describe, expect, test } from 'vitest';
import { sharedGround } from '../inputs/shared-ground.js';
import { coveredShare, leastAgreeing } from './coverage.js';

const lattice = (keep: (x: number, y: number) => boolean): Float64Array =>
  Float64Array.from(
    Array.from({ length: 64 }, (_, i) => [16 + 32 * (i % 8), 16 + 32 * Math.floor(i / 8)] as const)
      .filter(([x, y]) => keep(x, y))
      .flat(),
  );

describe('coverage', () => {
  const plane = { width: 256, height: 256, data: new Float32Array(65536) };
  const ground = sharedGround(plane, plane, identity);
  const all = lattice(() => true);

  test('is the share of the overlap that is near a tie point', () => {
    expect(coveredShare(all, all, ground, 32)).toBe(1);
    expect(coveredShare(new Float64Array(0), all, ground, 32)).toBe(0);
    // Four columns of eight, and half of the reach beyond the last.
    expect(
      coveredShare(
        lattice((x) => x < 128),
        all,
        ground,
        32,
      ),
    ).toBeCloseTo((112 + 32) / 256, 1);
    // Where nothing is to be seen nothing can agree.
    expect(
      coveredShare(
        lattice((x) => x < 128),
        lattice((x) => x < 128),
        ground,
        32,
      ),
    ).toBe(1);
  });

  test('names the half that agrees least', () => {
    const agreeing = lattice((x, y) => x < 128 || y === 16);
    expect(
      leastAgreeing(
        lattice(() => true),
        agreeing,
      ),
    ).toEqual({ half: 'right', agreeing: 1 / 8, opposite: 1 });
  });
});
