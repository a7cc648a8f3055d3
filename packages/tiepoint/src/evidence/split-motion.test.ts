import { createRandom, identity, translation } from '@tiepoint/geometry';
import { describe, expect, test } from 'vitest';
import { splitMotion } from './split-motion.js';

/** Tie points all over 256² that are moved by a function of their place, with noise, and a tenth of them anywhere. */
function tiePoints(motion: (x: number, y: number) => readonly [number, number], noise: number, count = 150) {
  const random = createRandom(11);
  const source = Float64Array.from({ length: 2 * count }, () => 256 * random.uniform());
  const target = source.map((v, i) => {
    const k = i - (i % 2);
    const wrong = (k / 2) % 10 === 0 ? 20 * (random.uniform() - 0.5) : 0;
    return v + motion(source[k]!, source[k + 1]!)[i % 2 === 0 ? 0 : 1]! + noise * random.normal() + wrong;
  });
  return { source, target };
}

describe('splitMotion', () => {
  test('finds two halves that a single transform leans between', () => {
    const found = splitMotion(
      tiePoints((x) => [0, x > 150 ? 5 : -5], 1.5),
      identity,
    )!;
    expect(found.matchedJump).toBeGreaterThan(8);
    expect(found.matchedJump).toBeLessThan(12);
    expect(found.dy).toBeGreaterThan(8);
    expect(found.gain).toBeGreaterThan(20);
    expect(found.x).toBeGreaterThan(150);
    expect(found.share).toBeCloseTo(0.41, 1);
  });

  test('there is hardly a jump where one transform holds, whatever the tie points were compared with', () => {
    const one = tiePoints((x, y) => [0.02 * x - 3, 0.03 * y], 1.5);
    expect(splitMotion(one, identity)!.matchedJump).toBeLessThan(2.5);
    expect(splitMotion(one, translation(4, -2))!.matchedJump).toBeLessThan(2.5);
  });

  test('gains little by two transforms where a few tie points of one side are wrong together', () => {
    const random = createRandom(3);
    const points = tiePoints(() => [0, 0], 1.5);
    // Most of a border, whose windows found no better.
    const wrong = points.target.map((v, i) =>
      points.source[i - (i % 2)]! < 60 ? v + 16 * (random.uniform() - 0.5) : v,
    );
    expect(splitMotion({ ...points, target: wrong }, identity)!.gain).toBeLessThan(13);
  });

  test('too few tie points say nothing', () => {
    expect(
      splitMotion(
        tiePoints(() => [0, 0], 1, 20),
        identity,
      ),
    ).toBeNull();
  });
});
