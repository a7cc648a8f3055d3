import { buildModel, createSession, input } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import { relativeDistanceLoss } from './l2-net-loss.js';
import { scoreLosses } from './score-losses.js';

type Scores = readonly [near: number, far: number, negative: number];

async function lossOf(name: keyof typeof scoreLosses, scores: Scores, shifts = [0, 0, 2, 0]): Promise<number> {
  const [near, far, negative] = (['near', 'far', 'negative'] as const).map((tower) => input(tower, [1]));
  const loss = scoreLosses[name]({ positives: [near!, far!], negative: negative! }, input('shifts', [1, 2, 2]));
  const model = buildModel({ outputs: { loss } });
  await using session = await createSession(model);
  const feeds = {
    near: Float32Array.of(scores[0]),
    far: Float32Array.of(scores[1]),
    negative: Float32Array.of(scores[2]),
    ...('shifts' in model.inputs ? { shifts: Float32Array.from(shifts) } : {}),
  };
  return (await session.run(feeds)).loss[0]!;
}

describe.each(Object.keys(scoreLosses) as (keyof typeof scoreLosses)[])('%s', (name) => {
  test('is less for scores in order', async () => {
    expect(await lossOf(name, [1, 0.9, 0])).toBeLessThan(await lossOf(name, [0, 0, 1]));
  });
});

test('values by hand', async () => {
  // Half of the positives' mean, half of the negative's.
  expect(await lossOf('hinge', [2, 0.5, -0.25])).toBeCloseTo((0.25 + 0.75) / 2, 5);
  expect(await lossOf('l2', [1, 0.5, 0.5])).toBeCloseTo((0.125 + 0.25) / 2, 5);
  expect(await lossOf('bce', [0, 0, 0])).toBeCloseTo(Math.log(2), 5);
  expect(await lossOf('triplet-ratio', [0, 0, 0])).toBeCloseTo(0.5, 5);
  expect(await lossOf('triplet-margin', [2, 0.25, 0])).toBeCloseTo(0.375, 5);
});

test('multiclass wants the score to fall with the shift as the density does', async () => {
  // Densities 1 and exp(−2): the best scores differ by 2, and the negative's is far below.
  const best = await lossOf('multiclass', [2, 0, -20]);
  for (const [near, far] of [
    [1.8, 0],
    [2.2, 0],
    [0, 0],
  ] as const) {
    expect(await lossOf('multiclass', [near, far, -20])).toBeGreaterThan(best);
  }
  // Both alike where both are shifted alike.
  const alike = [1, 0, 0, 1];
  expect(await lossOf('multiclass', [0, 0, -20], alike)).toBeLessThan(await lossOf('multiclass', [1, 0, -20], alike));
});

test('relative distance: least where matches are nearest, and symmetric in its sides without others', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => input(name, [2, 2]));
  await using session = await createSession(buildModel({ outputs: { loss: relativeDistanceLoss(a!, b!, c!) } }));
  const axes = Float32Array.of(1, 0, 0, 1);
  const swapped = Float32Array.of(0, 1, 1, 0);
  const away = Float32Array.of(-1, 0, 0, -1);
  const loss = async (match: Float32Array, others: Float32Array): Promise<number> =>
    (await session.run({ a: axes, b: match, c: others })).loss[0]!;
  // Distances: 0 to the match, √2 to the other match, and to the others √2 and 2.
  const e = (d: number): number => Math.exp(-d);
  const row = Math.log(1 + e(Math.SQRT2) + e(Math.SQRT2) + e(2));
  const column = Math.log(1 + e(Math.SQRT2));
  expect(await loss(axes, away)).toBeCloseTo((row + column) / 2, 2);
  expect(await loss(axes, away)).toBeLessThan(await loss(swapped, away));
  expect(await loss(axes, away)).toBeLessThan(await loss(axes, axes));
});
