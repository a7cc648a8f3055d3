import { createRandom } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { chooseKeypoints, type ConfidenceMap } from './keypoints.js';

const [width, height] = [120, 90] as const;

/** Gaussian bumps on flat ground. */
function bumps(places: readonly (readonly [x: number, y: number, height: number])[]): ConfidenceMap {
  const confidence = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [px, py, top] of places) {
        const d2 = (x + 0.5 - px) ** 2 + (y + 0.5 - py) ** 2;
        confidence[y * width + x]! += top * Math.exp(-d2 / 8);
      }
    }
  }
  return { width, height, confidence };
}

function noise(seed: number): ConfidenceMap {
  const random = createRandom(seed);
  return { width, height, confidence: Float32Array.from({ length: width * height }, () => random.uniform()) };
}

describe('chooseKeypoints', () => {
  it('finds peaks to a fraction of a pixel, corner convention, best first', () => {
    const map = bumps([
      [20.3, 30.8, 0.5],
      [70.5, 40.1, 0.9],
    ]);
    const { count, xy, score } = chooseKeypoints(map, { threshold: 0.3 });
    expect(count).toBe(2);
    for (const [i, wanted] of [70.5, 40.1, 20.3, 30.8].entries()) expect(Math.abs(xy[i]! - wanted)).toBeLessThan(0.05);
    expect(score[0]).toBeGreaterThan(score[1]!);
  });

  it('leaves out what is below the threshold, near a better peak, at the border or beside invalid ground', () => {
    const map = bumps([
      [40, 40, 0.8],
      [46, 40, 0.7],
      [80, 50, 0.5],
      [3, 60, 0.9],
      [100, 20, 0.9],
    ]);
    const mask = new Uint8Array(width * height).fill(1);
    for (let y = 0; y < height; y++) mask[y * width + 103] = 0;
    const { xy } = chooseKeypoints({ ...map, mask }, { threshold: 0.6, radius: 8 });
    expect([...xy].map(Math.round)).toEqual([40, 40]);
  });

  it('gives the count asked for, no two within the radius', () => {
    const { count, xy } = chooseKeypoints(noise(1), { count: 60, radius: 5 });
    expect(count).toBe(60);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < i; j++) {
        expect(Math.hypot(xy[2 * i]! - xy[2 * j]!, xy[2 * i + 1]! - xy[2 * j + 1]!)).toBeGreaterThanOrEqual(5);
      }
    }
  });

  it('spreads them where strength is uneven', () => {
    const map = noise(2);
    // The left third is ten times as strong: the best alone would all lie there.
    for (let i = 0; i < map.confidence.length; i++) if (i % width >= width / 3) map.confidence[i]! *= 0.1;
    const right = (count: number | 'all'): number => {
      const { xy, count: found } = chooseKeypoints(map, { count, radius: 3 });
      const first = xy.subarray(0, 2 * Math.min(found, 60));
      return first.filter((x, i) => i % 2 === 0 && x >= width / 3).length;
    };
    expect(right('all')).toBe(0);
    expect(right(60)).toBeGreaterThan(12);
    const strongest = chooseKeypoints(map, { count: 60, radius: 3, spread: false });
    expect(strongest.xy).toEqual(chooseKeypoints(map, { count: 'all', radius: 3 }).xy.subarray(0, 120));
  });
});
