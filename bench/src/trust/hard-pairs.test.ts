import { createRandom, resamplePlane, translation } from '@tiepoint/geometry';
import { expect, test } from 'vitest';
import { hardKinds, withClouds } from './hard-pairs.js';

test('clouds cover the share that was asked for and leave the rest alone', () => {
  const plane = { width: 120, height: 100, data: new Float32Array(12_000).fill(50) };
  const { data } = withClouds(plane, 0.4, createRandom(1));
  const bright = data.filter((v) => v > 140).length / data.length;
  expect(bright).toBeGreaterThan(0.35);
  expect(bright).toBeLessThan(0.55);
  expect(data.filter((v) => v === 50).length).toBeGreaterThan(2000);
});

test('self-similar pairs are the same fields under the transform they state, and nearly so a period aside', async () => {
  const kind = hardKinds.find(({ name }) => name === 'hard-self-similar')!;
  for await (const { id, reference, sensed, sensedToReference } of kind.pairs('', [], 3, 7)) {
    const [, period] = id.match(/of (\d+) px/)!;
    const [, , dx, , , dy] = sensedToReference.matrix;
    /** Root mean square of the sum of both (contrasts are reversed, so that it is constant) about its mean, moved by `aside` px. */
    const disagreement = (aside: number): number => {
      const moved = resamplePlane(sensed, 256, 256, translation(-dx - aside, -dy));
      const sums: number[] = [];
      for (let i = 0; i < moved.data.length; i++) {
        if (moved.mask === undefined || moved.mask[i] === 1) sums.push(moved.data[i]! + reference.data[i]!);
      }
      const mean = sums.reduce((sum, v) => sum + v, 0) / sums.length;
      return Math.sqrt(sums.reduce((sum, v) => sum + (v - mean) ** 2, 0) / sums.length);
    };
    const [right, repeated, between] = [
      disagreement(0),
      disagreement(Number(period)),
      disagreement(Number(period) / 2),
    ];
    expect(right).toBeLessThan(repeated);
    expect(repeated).toBeLessThan(0.7 * between);
  }
});
