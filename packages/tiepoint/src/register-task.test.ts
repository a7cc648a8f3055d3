import {
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  type Plane,
  resamplePlane,
  similarity,
  type Transform,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import {
  createEngine,
  decodeDetector,
  decodeMatcher,
  type Engine,
  featuresOf,
  type KeypointNetworks,
} from '@tiepoint/matching';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobScene } from './cli/testing/blob-scene.js';
import { untrainedNetworkFiles } from './cli/testing/untrained-networks.js';
import { taskOfPlanes, type TaskOptions } from './inputs/task.js';
import { registerTask } from './register.js';
import type { TaskResult } from './result/task-result.js';
import { judge } from './verdict/judge.js';
import { verdictLimits } from './verdict/limits.js';

const side = 256;
const scene: Plane = { width: side, height: side, data: Float32Array.from(blobScene(side, side, 21)) };

/** Sensed pixels to reference pixels, about the centres. */
function motion(angle: number, scale: number, dx: number, dy: number): MatrixTransform {
  return composeTransforms(
    translation(side / 2 + dx, side / 2 + dy),
    composeTransforms(similarity(scale, angle, 0, 0), translation(-side / 2, -side / 2)),
  );
}

/** The scene as another sensor sees it: moved, its contrast reversed and bent. */
function sense(truth: MatrixTransform): Plane {
  const moved = resamplePlane(scene, side, side, truth, { kernel: 'cubic' });
  const top = Math.max(...moved.data);
  return { ...moved, data: moved.data.map((v) => 300 * Math.exp((-3 * v) / top)) };
}

function untrainedNetworks(): KeypointNetworks {
  const { detector, matcher } = untrainedNetworkFiles();
  return { detector: decodeDetector(detector), matcher: decodeMatcher(matcher) };
}

function worstError(found: Transform, truth: Transform): number {
  let worst = 0;
  for (const x of [64, 128, 192]) {
    for (const y of [64, 128, 192]) {
      const [[a, b], [c, d]] = [transformPoint(found, x, y), transformPoint(truth, x, y)];
      worst = Math.max(worst, Math.hypot(a - c, b - d));
    }
  }
  return worst;
}

describe('registerTask', () => {
  let engine: Engine;
  beforeAll(() => {
    engine = createEngine({ threads: 2 });
  });
  afterAll(() => engine.dispose());
  type Found = Extract<TaskResult, { found: true }>;
  const run = async (sensed: Plane, options: Omit<TaskOptions, 'engine'>, reference = scene): Promise<Found> => {
    const result = await registerTask(taskOfPlanes(reference, sensed, { engine, ...options }));
    if (!result.found) throw new Error(`nothing was found: ${result.findings[0]?.code}`);
    return result;
  };

  test('finds any rotation and scale by search', async () => {
    const truth = motion(2.4, 0.8, 6, -9);
    const { verdict, method, model } = await run(sense(truth), { method: 'auto' });
    expect(verdict).toBe('accept');
    expect(method).toBe('global search + grid');
    expect(worstError(model.sensedToReference, truth)).toBeLessThan(0.5);
  });

  test.each([4, 1 / 4])(
    'finds one ground at two resolutions, %s px of the sensed image to one of the reference',
    async (ratio) => {
      const fine = 2 * side;
      const wide: Plane = { width: fine, height: fine, data: Float32Array.from(blobScene(fine, fine, 23)) };
      const coarse = fine / Math.max(ratio, 1 / ratio);
      const toWide = composeTransforms(
        translation(fine / 2 + 9, fine / 2 - 5),
        composeTransforms(similarity(fine / coarse, 0.1, 0, 0), translation(-coarse / 2, -coarse / 2)),
      );
      const small = resamplePlane(wide, coarse, coarse, toWide, { kernel: 'cubic' });
      const turned = { ...small, data: small.data.map((v) => 300 * Math.exp(-v / 90)) };
      const [reference, sensed, truth] = ratio < 1 ? [wide, turned, toWide] : [turned, wide, invertTransform(toWide)!];
      const { verdict, model } = await run(sensed, {}, reference);
      expect(verdict).not.toBe('refuse');
      const [x, y] = [sensed.width / 2, sensed.height / 2];
      const [[a, b], [c, d]] = [transformPoint(model.sensedToReference, x, y), transformPoint(truth, x, y)];
      // In px of the coarser image.
      expect(Math.hypot(a - c, b - d) * Math.min(1, ratio)).toBeLessThan(0.5);
    },
  );

  test('answers for a long strip and a small square, though nothing is left of the strip at one resolution', async () => {
    const strip: Plane = { width: 1000, height: 60, data: Float32Array.from(blobScene(1000, 60, 24)) };
    const square: Plane = { width: 128, height: 128, data: Float32Array.from(blobScene(128, 128, 25)) };
    const { verdict } = await registerTask(taskOfPlanes(strip, square, { engine }));
    expect(verdict).toBe('refuse');
  });

  test('finds a rotation by keypoints', async () => {
    const truth = motion(0.7, 1.1, -12, 5);
    const { verdict, method, model } = await run(sense(truth), { method: 'keypoints' });
    expect(verdict).toBe('accept');
    expect(method).toBe('keypoints (RIFT) + grid');
    expect(worstError(model.sensedToReference, truth)).toBeLessThan(0.5);
  });

  test('starts from the keypoints of networks where there are any, and falls back on RIFT', async () => {
    const wide = blobScene(360, 256, 22);
    const crop = (left: number): Plane => ({
      width: side,
      height: side,
      data: Float32Array.from({ length: side * side }, (_, i) => wide[Math.floor(i / side) * 360 + left + (i % side)]!),
    });
    // Untrained networks know places that look the same; beyond the grid's reach, by whole samples of the features.
    const networks = untrainedNetworks();
    const keypoints = (): Promise<KeypointNetworks> => Promise.resolve(networks);
    const shifted = await run(crop(88), { method: 'keypoints', keypoints }, crop(0));
    expect(shifted.verdict).toBe('accept');
    expect(shifted.method).toBe('keypoints (networks) + grid');
    expect(shifted.keypointWeights).toMatch(
      /^detector untrained detector \[\w{8}\]; matcher untrained matcher \[\w{8}\]$/,
    );
    expect(worstError(shifted.model.sensedToReference, translation(88, 0))).toBeLessThan(0.5);
    // They do not know turned and inverted ones.
    const truth = motion(0.7, 1.1, -12, 5);
    const turned = await run(sense(truth), { method: 'keypoints', keypoints });
    expect(turned.method).toBe('keypoints (RIFT) + grid');
    expect(turned.keypointWeights).toBeUndefined();
    expect(worstError(turned.model.sensedToReference, truth)).toBeLessThan(0.5);
  });

  test('describes windows by the features named', async () => {
    const truth = motion(0, 1, 5, -4);
    const sensed = sense(truth);
    // No features are others under another name.
    const scores = [(await run(sensed, { method: 'grid' })).evidence.score];
    for (const name of ['hopc', 'oriented-gradients'] as const) {
      const { verdict, model, evidence } = await run(sensed, { method: 'grid', features: featuresOf(name) });
      expect(verdict, name).toBe('accept');
      expect(worstError(model.sensedToReference, truth), name).toBeLessThan(0.5);
      scores.push(evidence.score);
    }
    expect(new Set(scores).size).toBe(3);
  });

  test('does not search where only the grid is asked for', async () => {
    const { verdict, method } = await run(sense(motion(1.5, 1, 0, 0)), { method: 'grid' });
    expect(method).toBe('grid (identity)');
    expect(verdict).toBe('refuse');
  });

  test('follows a bend where the model may', async () => {
    const truth: Transform = {
      model: 'polynomial2',
      origin: [128, 128],
      scale: 128,
      // Five px of curvature at the borders, which no matrix has.
      coefficientsX: [130, 128, 2, 5, 0, -4],
      coefficientsY: [125, -2, 128, -4, 0, 5],
    };
    const moved = resamplePlane(scene, side, side, truth, { kernel: 'cubic' });
    const sensed: Plane = { ...moved, data: moved.data.map((v) => 400 - v) };
    const { verdict, model, accuracy } = await run(sensed, { method: 'grid', model: 'bspline' });
    const stiff = await run(sensed, { method: 'grid', model: 'affine' });
    expect(verdict).toBe('accept');
    expect(worstError(model.sensedToReference, truth)).toBeLessThan(
      0.5 * worstError(stiff.model.sensedToReference, truth),
    );
    expect(accuracy.checkRmse).toBeLessThan(stiff.accuracy.checkRmse);
  });

  test('a start close to the truth is used as it is', async () => {
    const truth = motion(0.6, 1, 3, 4);
    const start = composeTransforms(motion(-0.6, 1, 0, 0), translation(2, -1));
    const result = await run(sense(truth), { start });
    expect(result.method).toBe('grid (georeference)');
    expect(result.verdict).toBe('accept');
    expect(worstError(result.model.sensedToReference, truth)).toBeLessThan(0.5);
  });

  test('evidence is the same whatever the limits, and can be judged again', async () => {
    const task = taskOfPlanes(scene, sense(motion(0.02, 1, 3, -2)), { engine });
    const strict = { ...verdictLimits, strength: { refuse: 500, sure: 1000 }, pattern: 0.001 };
    const [usual, refused] = [await registerTask(task), await registerTask(task, strict)];
    expect([usual.verdict, refused.verdict]).toEqual(['accept', 'refuse']);
    if (!usual.found || !refused.found) throw new Error('nothing was found');
    expect(refused.evidence).toEqual(usual.evidence);
    expect(refused.accuracy).toEqual(usual.accuracy);
    expect(refused.model.sensedToReference).toEqual(usual.model.sensedToReference);
    expect(judge(usual.evidence, usual.accuracy, strict).findings).toEqual(refused.findings);
  });
});
