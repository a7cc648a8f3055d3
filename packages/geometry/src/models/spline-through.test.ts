import { describe, expect, it } from 'vitest';
import { createRandom, splineThrough, transformPoint } from '../index.js';

const random = createRandom(5);
const source = Float64Array.from({ length: 2 * 180 }, () => 4000 * random.uniform());
const bend = (x: number, y: number): [number, number] => [x + 5 * Math.sin(y / 900) + 7e5, y + 1e-6 * x * x + 4e6];
const target = Float64Array.from({ length: source.length }, (_, i) =>
  i % 2 === 0 ? bend(source[i]!, source[i + 1]!)[0] : bend(source[i - 1]!, source[i]!)[1],
);

describe('splineThrough', () => {
  it('passes through every point and follows what is smooth between them', () => {
    const spline = splineThrough(source, target)!;
    for (let i = 0; i < source.length; i += 2) {
      const [x, y] = transformPoint(spline, source[i]!, source[i + 1]!);
      expect(Math.hypot(x - target[i]!, y - target[i + 1]!)).toBeLessThan(1e-5);
    }
    const [x, y] = transformPoint(spline, 2000, 1700);
    const [dueX, dueY] = bend(2000, 1700);
    expect(Math.hypot(x - dueX, y - dueY)).toBeLessThan(0.2);
  });

  it('is none for points on a line, or too few', () => {
    const line = Float64Array.from({ length: 20 }, (_, i) => i >> 1);
    expect(splineThrough(line, line)).toBe(null);
    expect(splineThrough(source.subarray(0, 6), target)).toBe(null);
  });
});
