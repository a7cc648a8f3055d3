import {
  composeTransforms,
  invertTransform,
  type Plane,
  resamplePlane,
  similarity,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import { createRandom } from 'onnx-grad';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../engine.js';
import { syntheticScene } from '../testing/synthetic-scene.js';
import { keypointEncoder, type KeypointImage, type Matcher } from './encode-keypoints.js';
import { vectorDirections, vectorLength } from './encoder.js';
import { findViews } from './find-views.js';
import { crossFusionNetwork } from './networks.js';

const engine = createEngine();
afterAll(() => engine.dispose());

const network = crossFusionNetwork({ patch: 64, layers: 1 });
/** Untrained: random features of equal patches are equal all the same. */
const matcher: Matcher = { name: 'untrained', network, parameters: network.create(createRandom(5)) };
const side = 240;
const scene = syntheticScene(side, side, 6);
const half = side / 2;

/** The scene turned and enlarged about its middle, and where points of it come to lie. */
function seen(angle: number, scale: number, xy: Float64Array): KeypointImage {
  const motion = composeTransforms(
    translation(half, half),
    composeTransforms(similarity(scale, angle, 0, 0), translation(-half, -half)),
  );
  const plane: Plane = resamplePlane(scene, side, side, invertTransform(motion)!, { kernel: 'cubic' });
  const there = new Float64Array(xy.length);
  for (let i = 0; i < xy.length; i += 2) there.set(transformPoint(motion, xy[i]!, xy[i + 1]!), i);
  return { plane, keypoints: { count: xy.length / 2, xy: there } };
}

function pointsWithin(radius: number, count: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const xy: number[] = [];
  while (xy.length < 2 * count) {
    const [x, y] = [radius * (2 * random.uniform() - 1), radius * (2 * random.uniform() - 1)];
    if (Math.hypot(x, y) < radius) xy.push(half + x, half + y);
  }
  return Float64Array.from(xy);
}

/**
 * The vectors that patches would have had if the image had been turned so that what lay in direction `by` lies in direction 0.
 *
 * @param vectors - `count · 256` numbers
 * @param by - directions, 0 to 15
 */
function turnVectors(vectors: Float32Array, by: number): Float32Array {
  const turned = new Float32Array(vectors.length);
  for (let row = 0; row < vectors.length; row += vectorDirections) {
    for (let i = 0; i < vectorDirections; i++) turned[row + i] = vectors[row + ((i + by) % vectorDirections)]!;
  }
  return turned;
}

describe('the encoder', () => {
  it('gives turned images turned vectors', async () => {
    const xy = pointsWithin(50, 12, 1);
    const by = 3;
    const turned = seen((2 * Math.PI * by) / vectorDirections, 1, xy);
    const still = { plane: scene, keypoints: { count: 12, xy } };
    const view = { angle: 0, scale: 1 };
    const a = await keypointEncoder(engine, matcher, still)(view, 12);
    const b = turnVectors(await keypointEncoder(engine, matcher, turned)(view, 12), by);
    for (let i = 0; i < 12; i++) {
      const dot = (j: number): number => {
        let sum = 0;
        for (let k = 0; k < vectorLength; k++) sum += a[i * vectorLength + k]! * b[j * vectorLength + k]!;
        return sum;
      };
      expect(dot(i)).toBeGreaterThan(0.98);
      const others = Array.from({ length: 12 }, (_, j) => (j === i ? -1 : dot(j)));
      expect(dot(i)).toBeGreaterThan(Math.max(...others));
    }
  });
});

describe('findViews', () => {
  it.each([
    [2.4, 1],
    [-0.8, 1.3],
    [0.3, 0.7],
  ])('finds an image turned by %f rad and scaled by %f', async (angle, scale) => {
    const xy = pointsWithin(70, 60, 2);
    const reference = { plane: scene, keypoints: { count: 60, xy } };
    const [best] = await findViews(engine, matcher, reference, seen(angle, scale, xy), { threshold: 3, seed: 1 });
    expect(best!.inliers).toBeGreaterThan(20);
    expect(best!.angle).toBeCloseTo(angle, 1);
    expect(best!.scale / scale).toBeCloseTo(1, 1);
  });

  it('finds no more than chance in other ground', async () => {
    const xy = pointsWithin(70, 60, 2);
    const other = { plane: syntheticScene(side, side, 77), keypoints: { count: 60, xy: pointsWithin(70, 60, 3) } };
    const views = await findViews(engine, matcher, { plane: scene, keypoints: { count: 60, xy } }, other, {
      threshold: 3,
      seed: 1,
    });
    expect(views[0]?.inliers ?? 0).toBeLessThan(12);
  });
});
