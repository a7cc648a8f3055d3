import { affine, createRandom, transformPoint } from '@tiepoint/geometry';
import { expect, it } from 'vitest';
import { estimateModel } from './model-choice.js';

const truth = affine(1.01, 0.02, 5, -0.015, 0.99, -3);

/** Tie points of a scene of 400 px with errors of 0.1 px, as their covariances say, besides what they are off by. */
function choiceOf(seed: number, offBy: (x: number, y: number) => readonly [number, number]) {
  const random = createRandom(seed);
  const places = Array.from({ length: 49 }, (_, i) => [20 + 57 * (i % 7), 20 + 57 * Math.floor(i / 7)] as const);
  const target = places.flatMap(([x, y]) => {
    const [X, Y] = transformPoint(truth, x, y);
    const [dx, dy] = offBy(x, y);
    return [X + dx + 0.1 * random.normal(), Y + dy + 0.1 * random.normal()];
  });
  return {
    points: {
      source: Float64Array.from(places.flat()),
      target: Float64Array.from(target),
      covariance: Float64Array.from(places.flatMap(() => [0.01, 0, 0.01])),
    },
    threshold: 3,
    seed: 1,
    independence: 1,
    window: 96,
    minScale: 0.5,
    maxScale: 2,
  };
}

it.each([1, 2, 3, 4])('keeps the affine model where a few wrong tie points alone speak for another (%d)', (seed) => {
  const corner = choiceOf(seed, (x, y) => (x > 240 && y > 240 ? [1.5, 1.5] : [0, 0]));
  expect(estimateModel('auto', corner)?.model).toBe('affine');
});

it('takes the projective model where all tie points do', () => {
  const scene = choiceOf(1, (x, y) => [1.6e-5 * x * (x + y), 1.6e-5 * y * (x + y)]);
  expect(estimateModel('auto', scene)?.model).toBe('projective');
});
