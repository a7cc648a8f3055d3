import type { JointScores } from '@tiepoint/matching';
import { describe, expect, test } from 'vitest';
import { findRivals } from './rival-place.js';

const firstRival = (...of: Parameters<typeof findRivals>) => findRivals(...of)[0] ?? null;

const side = 41;
const radius = 20;

/** Joint scores of windows that are all alike, from a function of the shift. */
function map(score: (dx: number, dy: number) => number, windows = 16): JointScores {
  const scores = Float64Array.from({ length: side * side }, (_, i) =>
    score((i % side) - radius, Math.floor(i / side) - radius),
  );
  const maps = Float32Array.from({ length: windows * scores.length }, (_, i) => scores[i % scores.length]!);
  return { scores, side, centres: new Float64Array(2 * windows), maps, shown: new Uint8Array(maps.length).fill(1) };
}

const bump = (dx: number, dy: number, width = 2): number => Math.exp(-(dx * dx + dy * dy) / (2 * width * width));

describe('findRival', () => {
  test('finds the other peak, counted from the solution', () => {
    const found = firstRival(map((x, y) => bump(x - 1, y) + 0.8 * bump(x - 13, y + 6)));
    expect(found).toMatchObject({ dx: 12, dy: -6 });
    expect(found!.share).toBeCloseTo(0.8, 2);
  });

  test('a wide peak and a ridge are no other place', () => {
    expect(firstRival(map((x, y) => bump(x, y, 9)))).toBeNull();
    expect(firstRival(map((x, y) => bump(0, y - 0.5 * x) * (1 - 0.01 * Math.abs(x))))).toBeNull();
  });

  test('leaves out places that cannot be', () => {
    const scores = map((x, y) => bump(x, y) + 0.9 * bump(x - 15, y) + 0.5 * bump(x, y - 9));
    expect(firstRival(scores, (dx, dy) => Math.hypot(dx, dy) < 11)).toMatchObject({ dx: 0, dy: 9 });
  });

  test('counts a place by the windows that show it, and asks that it stands out from what chance gives as many', () => {
    const joint = map((x, y) => bump(x, y) + 0.5 * bump(x - 14, y), 4);
    // Two of four windows show the other place; of them it is all.
    const there = (radius * side + 14 + radius) % joint.scores.length;
    for (const window of [0, 1]) joint.shown[window * joint.scores.length + there] = 0;
    expect(firstRival(joint)).toMatchObject({ dx: 14, dy: 0 });
    const scattered = map((x, y) => bump(x, y) + 0.3 * bump(x - 14, y), 4);
    const loud = scattered.maps.map((v, i) => v + ((i * 7919) % 13) / 6 - 1);
    expect(firstRival({ ...scattered, maps: loud })).toBeNull();
  });

  test('there is none where the solution itself fits nowhere', () => {
    expect(firstRival(map((x, y) => bump(x - 15, y) - 0.1))).toBeNull();
  });

  test('are told apart, best first', () => {
    const [a, b] = findRivals(map((x, y) => bump(x - 1, y) + 0.8 * bump(x - 13, y + 6) + 0.7 * bump(x + 14, y - 2)));
    expect(Math.hypot(a!.dx - 12, a!.dy + 6)).toBeLessThan(2);
    expect(Math.hypot(b!.dx + 15, b!.dy - 2)).toBeLessThan(2);
    expect(a!.share).toBeGreaterThan(b!.share);
  });
});
