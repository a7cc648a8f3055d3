import { buildModel, createSession, input } from 'onnx-grad';
import { expect, it } from 'vitest';
import { consensusMap, cornerShare } from './consensus.js';

const side = 8;
const area = side * side;

async function wanted(first: Float32Array, second: Float32Array, strengths: Float32Array, share: number) {
  const [a, b, both, corners] = ['a', 'b', 'both', 'corners'].map((name) => input(name, [1, 1, side, side]));
  const map = consensusMap({ first: a!, second: b!, both: both! }, corners!, input('share', [1]));
  await using session = await createSession(buildModel({ outputs: { map } }));
  const feeds = { a: first, b: second, both: new Float32Array(area).fill(1), corners: strengths };
  return (await session.run({ ...feeds, share: Float32Array.of(share) })).map;
}

/** Values at some places, else a little that differs from place to place. */
const mapOf = (values: Readonly<Record<number, number>>, scale = 1, offset = 0): Float32Array =>
  Float32Array.from({ length: area }, (_, i) => offset + scale * (values[i] ?? 0.01 * ((i * 7) % 11)));
const highest = (map: Float32Array): number => map.indexOf(Math.max(...map));

it('wants what both maps show before what either shows alone, whatever their scale', async () => {
  const first = mapOf({ 10: 3, 20: 2 });
  // As strong as the first's in its own terms.
  const second = mapOf({ 20: 2, 40: 3 }, 100, -500);
  const corners = mapOf({ 50: 1 });
  expect(highest(await wanted(first, second, corners, 0))).toBe(20);
  expect(highest(await wanted(first, second, corners, 1))).toBe(50);
});

it('goes from corners to maps within 500 steps', () => {
  expect([0, 250, 500, 4000].map(cornerShare)).toEqual([1, 0.5, 0, 0]);
});
