import { composeTransforms, type Plane, resamplePlane, similarity, translation } from '@tiepoint/geometry';
import { expect, it } from 'vitest';
import type { KeypointMethodFactory, Prediction } from './method.js';
import { scorePrediction } from './score.js';
import { scene } from './testing.js';
import { tiepointMethod, tiepointGuidedMethod } from './tiepoint.js';

const size = { width: 256, height: 256 };
/** About the centre. */
const sensedToReference = composeTransforms(
  translation(128, 128),
  composeTransforms(similarity(1.1, 0.35, 0, 0), translation(-128, -128)),
);

async function predictionOf(factory: KeypointMethodFactory, reference: Plane, sensed: Plane): Promise<Prediction> {
  const method = await factory({ peers: '' });
  if ('absent' in method) throw new Error(method.absent);
  try {
    return await method.predict(reference, sensed, 200);
  } finally {
    await method.close();
  }
}

it('finds in the sensed image most keypoints of the reference that lie on it, with greys inverted and at another scale', async () => {
  const reference = scene(256, 3);
  const seen = resamplePlane(reference, 256, 256, sensedToReference, { kernel: 'cubic' });
  const sensed = { ...seen, data: seen.data.map((v) => 255 - v) };
  const truth = { reference: size, sensed: size, sensedToReference };
  const matched = scorePrediction(await predictionOf(tiepointMethod, reference, sensed), truth);
  const guided = scorePrediction(await predictionOf(tiepointGuidedMethod, reference, sensed), truth);
  expect(guided.matchScore).toBeGreaterThan(0.7);
  expect(guided.matchScore).toBeGreaterThan(matched.matchScore! + 0.2);
  expect(guided.nnMap).toBeGreaterThan(0.75);
  expect(guided.rmse).toBeLessThan(1);
  // Which keypoints are detected does not depend on how they are matched.
  expect(guided.repeatability).toBe(matched.repeatability);
});

it('leaves it at the matches where they are too few to start from', async () => {
  const empty = { ...size, data: new Float32Array(256 * 256).fill(90) };
  const { described } = await predictionOf(tiepointGuidedMethod, scene(256, 5), empty);
  expect(described).toBeUndefined();
});
