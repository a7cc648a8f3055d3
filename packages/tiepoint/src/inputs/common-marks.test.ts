import { createRandom, type Plane } from '@tiepoint/geometry';
import { createPyramid } from '@tiepoint/matching';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxMean } from './box-mean.js';
import { findCommonMarks } from './common-marks.js';
import { withoutMarks } from './without-marks.js';

const side = 256;

/** Ground of one sensor: smooth structure, 20 to 200, and noise of its own. */
function ground(seed: number): Plane {
  const random = createRandom(seed);
  const rough = Float32Array.from({ length: side * side }, () => random.uniform());
  const smooth = boxMean(boxMean(rough, side, side, 4), side, side, 4);
  return { width: side, height: side, data: smooth.map((v) => 110 + 1500 * (v - 0.5) + 6 * (random.uniform() - 0.5)) };
}

type Place = (x: number, y: number) => boolean;

const frame: Place = (x, y) => Math.min(x, y, side - 1 - x, side - 1 - y) < 12;
/** Strokes of letters in two lines. */
const text: Place = (x, y) => (y % 100) - 50 >= 0 && (y % 100) - 50 < 14 && x >= 30 && x < 220 && (x * x + y) % 23 < 3;

const lines: Place = (x, y) => x % 60 === 30 || y % 60 === 30;

function isMark(place: Place, i: number): boolean {
  return place(i % side, Math.floor(i / side));
}

function marked(plane: Plane, place: Place): Plane {
  return { ...plane, data: plane.data.map((v, i) => (isMark(place, i) ? 255 : v)) };
}

function find(reference: Plane, sensed: Plane) {
  return findCommonMarks(createPyramid(reference), createPyramid(sensed));
}

describe('marks that two files carry at the same pixels', () => {
  it.each([
    ['frame', frame, 0.97],
    ['text', text, 0.9],
  ] as const)('are found whatever the ground, and little else: %s', (_name, place, least) => {
    const { mask } = find(marked(ground(1), place), marked(ground(2), place))!;
    let [found, all, beside] = [0, 0, 0];
    for (let i = 0; i < side * side; i++) {
      if (isMark(place, i)) {
        all++;
        found += mask[i]!;
      } else beside += mask[i]!;
    }
    expect(found / all).toBeGreaterThan(least);
    // A rim of some px around them is a quarter of the rest at most.
    expect(beside / (side * side - all)).toBeLessThan(0.25);
  });

  it('are found where they are faint and the ground is rough: lines from side to side', () => {
    const random = createRandom(5);
    const faintly = (plane: Plane, roughness: number): Plane => ({
      ...plane,
      data: plane.data.map((v, i) => v + roughness * random.normal() - (isMark(lines, i) ? 12 : 0)),
    });
    const onLines = Array.from({ length: side * side }, (_, i) => i).filter((i) => isMark(lines, i));
    const { mask, share } = find(faintly(ground(1), 8), faintly(ground(2), 20))!;
    expect(onLines.filter((i) => mask[i] === 1).length / onLines.length).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(0.4);
  });

  it('are found where words are blended in all over, with ground left between', () => {
    const random = createRandom(4);
    const letters = Array.from({ length: 400 }, () => [random.integer(8), random.integer(12), random.integer(8)]);
    /** Strokes of letters in slanting rows, 36 px apart. */
    const words: Place = (x, y) => {
      const down = y + Math.floor(0.4 * x);
      const [row, u, v] = [Math.floor(down / 36), x % 10, down % 36];
      const [upright, bar, second] = letters[row * 26 + Math.floor(x / 10)]! as [number, number, number];
      return v < 14 && ((Math.abs(u - upright) < 1.5 && v < 13) || Math.abs(v - bar) < 1.5 || (u === second && v > 4));
    };
    const blended = (seed: number): Plane => {
      const { data } = ground(seed);
      const fine = createRandom(100 + seed);
      const rough = boxMean(
        Float32Array.from(data, () => 250 * (fine.uniform() - 0.5)),
        side,
        side,
        1,
      );
      const over = (v: number, i: number): number => (isMark(words, i) ? 0.6 * v + 0.4 * 235 : v);
      return { width: side, height: side, data: data.map((v, i) => over(v + rough[i]!, i)) };
    };
    const { mask, share } = find(blended(1), blended(2))!;
    const all = [...mask.keys()].filter((i) => isMark(words, i));
    expect(all.filter((i) => mask[i] === 1).length / all.length).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(0.55);
  });

  it('are found beside ground that is missing in both', () => {
    const mask = Uint8Array.from({ length: side * side }, (_, i) => (i % side < 40 ? 0 : 1));
    const without = (plane: Plane): Plane => ({ ...plane, data: plane.data.map((v, i) => v * mask[i]!), mask });
    const found = find(without(marked(ground(1), text)), without(marked(ground(2), text)))!;
    expect(found.share).toBeGreaterThan(0.05);
    expect(found.share).toBeLessThan(0.35);
  });

  it('are none where ground differs, lies shifted, or where the images are alike as such', () => {
    expect(find(ground(1), ground(2))).toBeNull();
    const plane = ground(3);
    for (const [shift, sign] of [
      [9, 1],
      [2, 1],
      [2, -1],
      [3 * side + 2, -1],
    ] as const) {
      const shifted = plane.data.map((_, i) => sign * plane.data[(i + shift) % plane.data.length]!);
      expect(find(plane, { ...plane, data: shifted })).toBeNull();
    }
    expect(find(plane, { ...plane, data: plane.data.map((v) => 1.2 * v + 10) })).toBeNull();
  });

  it('are not the edge of what is missing in one of them', () => {
    const plane = ground(2);
    const mask = Uint8Array.from(plane.data, (_, i) => Number((i % side) + Math.floor(i / side) > 200));
    expect(find(ground(1), { ...plane, data: plane.data.map((v, i) => v * mask[i]!), mask })).toBeNull();
  });

  it('leave nothing of them: painted over near the ground around, masked further in', () => {
    const [first, second] = [ground(1), ground(2)];
    const ruled = marked(first, lines);
    const painted = withoutMarks(ruled, find(ruled, marked(second, lines))!);
    const onLines = [...ruled.data.keys()].filter((i) => isMark(lines, i));
    const left = onLines.filter((i) => painted.mask![i] === 1 && painted.data[i] === 255);
    expect(left.length / onLines.length).toBeLessThan(0.02);
    expect([...ruled.data.keys()].some((i) => painted.mask![i] === 1 && painted.data[i] !== ruled.data[i])).toBe(true);

    const framed = marked(first, frame);
    const { data, mask } = withoutMarks(framed, find(framed, marked(second, frame))!);
    expect(mask![3 * side + 100]).toBe(0);
    // Ground far from marks is as it was.
    const far = 130 * side + 100;
    expect([mask![far], data[far]]).toEqual([1, first.data[far]]);
  });
});

it('takes the mean of what is inside', () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(size, size, fc.integer({ min: 0, max: 12 }), fc.integer(), (width, height, half, seed) => {
      const random = createRandom(seed);
      const data = Float32Array.from({ length: width * height }, () => random.uniform());
      const means = boxMean(data, width, height, half);
      for (let i = 0; i < data.length; i++) {
        const [x, y] = [i % width, Math.floor(i / width)];
        const inside = data.filter(
          (_, j) => Math.abs((j % width) - x) <= half && Math.abs(Math.floor(j / width) - y) <= half,
        );
        expect(means[i]).toBeCloseTo(inside.reduce((a, b) => a + b, 0) / inside.length, 5);
      }
    }),
  );
});
