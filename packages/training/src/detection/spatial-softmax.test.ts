import { buildModel, createSession, gradient, input } from 'onnx-grad';
import { expect, it } from 'vitest';
import { spatialSoftmax } from './spatial-softmax.js';

const side = 48;
const area = side * side;
const at = (x: number, y: number): number => y * side + x;

async function lossOf(odds: Float32Array, keypoints: readonly number[], mask = new Float32Array(area).fill(1)) {
  const [map, peaks, ground] = ['map', 'peaks', 'ground'].map((name) => input(name, [1, 1, side, side]));
  const loss = spatialSoftmax(map!, peaks!, ground!);
  const model = buildModel({ outputs: { loss, slope: gradient(loss, [map!])[0]! } });
  await using session = await createSession(model);
  const wanted = new Float32Array(area);
  for (const i of keypoints) wanted[i] = 1;
  const found = await session.run({ map: odds, peaks: wanted, ground: mask });
  return { loss: found.loss[0]!, slope: found.slope };
}

const flat = (value: number): Float32Array => new Float32Array(area).fill(value);
const keypoints = [at(14, 14), at(34, 30)];

it('is what a flat map has by the areas of the squares', async () => {
  const expected = Math.log(area / 25) + Math.log(225 / 25);
  // At the level that the mean of log odds is held at.
  expect((await lossOf(flat(-2), keypoints)).loss).toBeCloseTo(expected, 3);
  // And hardly more at another: a flat map gains nothing by its height.
  expect((await lossOf(flat(-1), keypoints)).loss).toBeCloseTo(expected + 0.01, 3);
});

it('is least where a map is high at the keypoints and nowhere else', async () => {
  const peaked = flat(-3);
  for (const i of keypoints) peaked[i] = 9;
  const right = (await lossOf(peaked, keypoints)).loss;
  // Two places share the crop; each has its neighbourhood to itself.
  expect(right).toBeGreaterThan(Math.log(2));
  expect(right).toBeLessThan(Math.log(2) + 0.1);
  expect((await lossOf(peaked, [at(14, 30), at(30, 14)])).loss).toBeGreaterThan(right + 5);
  // Within 2 px is the same place.
  expect((await lossOf(peaked, [at(16, 12), at(34, 30)])).loss).toBeCloseTo(right, 2);
});

it('pulls up what is near keypoints and pushes the rest down, on ground that counts only', async () => {
  const mask = new Float32Array(area).fill(1);
  for (let i = 0; i < area; i++) if (i % side < 8) mask[i] = 0;
  const { slope } = await lossOf(flat(-2), keypoints, mask);
  expect(slope[at(14, 14)]).toBeLessThan(0);
  expect(slope[at(20, 14)]).toBeGreaterThan(0);
  expect(slope[at(2, 14)]).toBe(0);
});
