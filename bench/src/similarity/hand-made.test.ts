import { createEngine } from '@tiepoint/matching';
import { afterAll, describe, expect, test } from 'vitest';
import { gradientTerm, mutualInformation } from './gmi.js';
import { patchArea, patchSide, type SimilarityMeasure } from './measure.js';
import { openMeasures } from './methods.js';
import { areaUnderCurve, rank } from './ranking.js';
import { siftOctDescriptor } from './sift-oct.js';
import { discs, madePairs, pairUp } from './testing.js';

const engine = createEngine();
afterAll(() => engine.dispose());

const scenes = Array.from({ length: 12 }, (_, i) => discs(i));
const others = Array.from({ length: 12 }, (_, i) => discs(100 + i));

async function measured(name: string): Promise<SimilarityMeasure> {
  return (await openMeasures([name], { engine, peers: '' }))[0]!;
}

/** By how much the worst patch is more similar to itself than to any of the others. */
async function selfMargin(measure: SimilarityMeasure): Promise<number> {
  const self = await measure.score(pairUp(scenes, scenes), scenes.length);
  const cross = await measure.score(pairUp(scenes, others), scenes.length);
  return Math.min(...self) - Math.max(...cross);
}

describe.each(['ncc', 'gmi', 'sift-oct', 'hopc', 'mind', 'mind-wide'])('%s', (name) => {
  test('a patch is more similar to itself than to any other', async () => {
    const measure = await measured(name);
    // GMI is no normalised measure: a patch of strong gradients is similar to much.
    if (name === 'gmi') {
      const self = await measure.score(pairUp(scenes, scenes), scenes.length);
      const cross = await measure.score(pairUp(scenes, others), scenes.length);
      self.forEach((score, i) => expect(score).toBeGreaterThan(cross[i]!));
    } else expect(await selfMargin(measure)).toBeGreaterThan(0);
  });

  test('finds its place again: similarity falls with the shift', async () => {
    const measure = await measured(name);
    const shifts = [0, 1, 2, 4];
    const means: number[] = [];
    for (const shift of shifts) {
      const moved = scenes.map((_, i) => discs(i, shift, 0));
      const scores = await measure.score(pairUp(scenes, moved), scenes.length);
      means.push(scores.reduce((sum, score) => sum + score, 0));
    }
    expect(means).toEqual(means.toSorted((a, b) => b - a));
  });
});

describe.each(['ncc', 'gmi', 'hopc', 'mind', 'mind-wide'])('%s', (name) => {
  test('reversed contrast changes nothing', async () => {
    const measure = await measured(name);
    const reversed = others.map((patch) => patch.map((v) => -v));
    const before = await measure.score(pairUp(scenes, others), scenes.length);
    const after = await measure.score(pairUp(scenes, reversed), scenes.length);
    // Grey levels on the border of two bins may go to the other one.
    const tolerance = name === 'gmi' ? 0.05 : 1e-3;
    after.forEach((score, i) =>
      expect(Math.abs(score - before[i]!)).toBeLessThan(tolerance * Math.max(1, Math.abs(before[i]!))),
    );
  });

  test('tells one scene in two sensors from two scenes', async () => {
    const measure = await measured(name);
    const { same, other, n } = madePairs(60);
    const area = areaUnderCurve(rank(await measure.score(same, n), await measure.score(other, n)));
    expect(area).toBeGreaterThan(0.9);
  });
});

test('more pairs than a batch are all scored, each by itself', async () => {
  const measure = await measured('mind');
  const many = Array.from({ length: 130 }, (_, i) => scenes[i % 12]!);
  const partners = Array.from({ length: 130 }, (_, i) => others[(i * 5) % 12]!);
  const scores = await measure.score(pairUp(many, partners), 130);
  const alone = await measure.score(pairUp([many[129]!], [partners[129]!]), 1);
  expect(scores).toHaveLength(130);
  expect(scores[129]).toBeCloseTo(alone[0]!, 5);
});

test('SIFT of a ramp has all its weight in the direction of the ramp', () => {
  const ramp = Float32Array.from({ length: patchArea }, (_, i) => Math.floor(i / patchSide) / 10);
  const descriptor = siftOctDescriptor(ramp);
  // Downwards is a quarter turn from +x: the third of eight directions.
  const weights = Array.from({ length: 8 }, (_, d) =>
    Array.from({ length: 16 }, (_, cell) => descriptor[cell * 8 + d]!).reduce((sum, v) => sum + v, 0),
  );
  expect(weights[2]! / weights.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 3);
  expect(Math.hypot(...descriptor)).toBeCloseTo(1, 5);
});

test('mutual information is the entropy with itself and none with a shuffled patch', () => {
  const levels = Float32Array.from({ length: patchArea }, (_, i) => i % 4);
  expect(mutualInformation(levels, levels)).toBeCloseTo(Math.log(4), 5);
  const independent = Float32Array.from({ length: patchArea }, (_, i) => Math.floor(i / 4) % 4);
  expect(mutualInformation(levels, independent)).toBeCloseTo(0, 5);
});

test('gradients at right angles add nothing', () => {
  const across = Float32Array.from({ length: patchArea }, (_, i) => i % patchSide);
  const down = Float32Array.from({ length: patchArea }, (_, i) => Math.floor(i / patchSide));
  const interior = gradientTerm(across, across);
  expect(interior).toBeGreaterThan(100);
  expect(gradientTerm(across, down)).toBeLessThan(1e-3 * interior);
});
