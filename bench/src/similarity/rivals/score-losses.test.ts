import { buildModel, createSession, input } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import { scoreLosses } from './score-losses.js';

type Scores = readonly [near: number, far: number, negative: number];

async function lossOf(name: keyof typeof scoreLosses, scores: Scores): Promise<number> {
  const [near, far, negative] = (['near', 'far', 'negative'] as const).map((tower) => input(tower, [1]));
  const loss = scoreLosses[name]({ positives: [near!, far!], negative: negative! });
  const model = buildModel({ outputs: { loss } });
  await using session = await createSession(model);
  const feeds = {
    near: Float32Array.of(scores[0]),
    far: Float32Array.of(scores[1]),
    negative: Float32Array.of(scores[2]),
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
