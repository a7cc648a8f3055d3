import { buildModel, createSession, input } from 'onnx-grad';
import { expect, test } from 'vitest';
import { compactnessLoss, intermediateLoss, relativeDistanceLoss } from './l2-net-loss.js';

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

test('compactness: the squared correlations of different dimensions, whatever their scale and mean', async () => {
  const rows = input('rows', [4, 3]);
  await using session = await createSession(buildModel({ outputs: { loss: compactnessLoss(rows) } }));
  const loss = async (...values: number[]): Promise<number> =>
    (await session.run({ rows: Float32Array.from(values) })).loss[0]!;
  // Columns 1, 1, −1, −1 and 1, −1, 1, −1 and their product say nothing of each other.
  expect(await loss(1, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1)).toBeCloseTo(0, 4);
  // The second is the first again, ten times as large and 5 more: half of two correlations of 1.
  expect(await loss(1, 15, 1, 1, 15, -1, -1, -5, -1, -1, -5, 1)).toBeCloseTo(1, 4);
});

test('intermediate features: cross-entropy of products over rows and columns', async () => {
  const [a, b] = ['a', 'b'].map((name) => input(name, [2, 4]));
  await using session = await createSession(buildModel({ outputs: { loss: intermediateLoss(a!, b!) } }));
  const first = Float32Array.of(1, 1, 1, 1, 1, -1, 1, -1);
  const swapped = Float32Array.of(1, -1, 1, -1, 1, 1, 1, 1);
  const loss = async (match: Float32Array): Promise<number> => (await session.run({ a: first, b: match })).loss[0]!;
  // Products 4 and 0, over the root of four values.
  expect(await loss(first)).toBeCloseTo(Math.log(1 + Math.exp(-2)), 4);
  expect(await loss(swapped)).toBeCloseTo(Math.log(1 + Math.exp(2)), 4);
});
