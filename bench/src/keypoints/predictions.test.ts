import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Plane, translation } from '@tiepoint/geometry';
import { afterAll, expect, it } from 'vitest';
import type { KeypointMethod, Prediction } from './method.js';
import { predictionOf } from './predictions.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-predictions-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plane: Plane = { width: 4, height: 4, data: new Float32Array(16) };
const pair = (dx: number) => ({
  id: '1',
  set: 's1s2',
  reference: plane,
  sensed: plane,
  truth: { reference: plane, sensed: plane, sensedToReference: translation(dx, 0) },
});
const prediction: Prediction = {
  keypoints: { reference: Float64Array.of(1.25, 2), sensed: Float64Array.of(3, 0.1) },
  partner: Int32Array.of(-1),
  score: Float32Array.of(-Infinity),
  back: Int32Array.of(0),
  seconds: 0.5,
};

it('keeps what was predicted, exactly, until anything it depends on changes', async () => {
  let made = 0;
  const method = (version: string): KeypointMethod => ({
    name: 'counted',
    version,
    predict: () => {
      made++;
      return Promise.resolve(prediction);
    },
    close: () => Promise.resolve(),
  });
  expect(await predictionOf(method('a'), pair(1), 10, folder)).toEqual(prediction);
  expect(await predictionOf(method('a'), pair(1), 10, folder)).toEqual(prediction);
  expect(made).toBe(1);
  await predictionOf(method('b'), pair(1), 10, folder);
  await predictionOf(method('b'), pair(2), 10, folder);
  await predictionOf(method('b'), pair(2), 20, folder);
  expect(made).toBe(4);
  await predictionOf(method('b'), pair(2), 20);
  expect(made).toBe(5);
});
