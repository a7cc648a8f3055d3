import { createRandom, invertTransform, similarity, transformPoint } from '@tiepoint/geometry';
import { expect, it } from 'vitest';
import { scorePrediction } from './score.js';

const sensedToReference = similarity(1.1, 0.2, 12, -5);
const size = { width: 200, height: 200 };
const truth = { reference: size, sensed: size, sensedToReference };

it('is perfect for keypoints that are all repeated and matched, and worse for each that is not', () => {
  const random = createRandom(1);
  const count = 60;
  const sensed = Float64Array.from({ length: 2 * count }, () => 60 + 80 * random.uniform());
  const reference = new Float64Array(2 * count);
  for (let i = 0; i < sensed.length; i += 2) {
    reference.set(transformPoint(sensedToReference, sensed[i]!, sensed[i + 1]!), i);
  }
  const right = Int32Array.from({ length: count }, (_, i) => i);
  const score = Float32Array.from(right, (i) => 1 - i / count);
  const predict = (partner: Int32Array) =>
    scorePrediction({ keypoints: { reference, sensed }, partner, back: right, score, seconds: 1 }, truth);
  expect(predict(right)).toMatchObject({ repeatability: 1, mma2: 1, mma6: 1, matchScore: 1, seconds: 1 });
  expect(predict(right).nnMap).toBeCloseTo(1);
  expect(predict(right).rmse).toBeLessThan(1e-6);
  // The partners of half of the keypoints are others': not mutual any more, so no matches either.
  const half = right.map((i) => (i < count / 2 ? i : (i + 7) % count));
  const worse = predict(half);
  expect(worse.mma2).toBe(1);
  expect(worse.matchScore).toBeCloseTo(0.5);
  expect(worse.nnMap).toBeLessThan(0.7);
  expect(worse.rmse).toBeLessThan(1e-6);
});

it('averages precision over the thresholds at which something could be right', () => {
  // 4 px off: right from there on, and at 2 and 3 px nothing could be.
  const reference = Float64Array.from([64, 60]);
  const sensed = new Float64Array(transformPoint(invertTransform(sensedToReference)!, 60, 60));
  const one = { partner: Int32Array.of(0), back: Int32Array.of(0), score: Float32Array.of(1), seconds: 0 };
  const scores = scorePrediction({ keypoints: { reference, sensed }, ...one }, truth);
  expect(scores).toMatchObject({ ap3: null, ap5: 1, nnMap: 1, mma3: 0, mma5: 1, repeatability: 0 });
});

it('has no error where nothing is matched', () => {
  const none = new Float64Array(0);
  const empty = { partner: new Int32Array(0), back: new Int32Array(0), score: new Float32Array(0), seconds: 0 };
  const scores = scorePrediction({ keypoints: { reference: none, sensed: none }, ...empty }, truth);
  expect(scores).toMatchObject({ repeatability: 0, nnMap: null, mma3: 0, matchScore: 0, rmse: null });
});

it('has average precision out of the keypoints that repeat, whichever points a method matches', () => {
  const random = createRandom(2);
  const sensed = Float64Array.from({ length: 40 }, () => 60 + 80 * random.uniform());
  const reference = new Float64Array(40);
  for (let i = 0; i < 40; i += 2) reference.set(transformPoint(sensedToReference, sensed[i]!, sensed[i + 1]!), i);
  const described = { reference: reference.slice(0, 10), sensed: sensed.slice(0, 10) };
  const five = Int32Array.from({ length: 5 }, (_, i) => i);
  const matched = { described, partner: five, back: five, score: new Float32Array(5), seconds: 0 };
  const { ap3 } = scorePrediction({ keypoints: { reference, sensed }, ...matched }, truth);
  expect(ap3).toBeCloseTo(5 / 20);
});
