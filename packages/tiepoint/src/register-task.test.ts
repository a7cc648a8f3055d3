import {
  composeTransforms,
  type MatrixTransform,
  type Plane,
  resamplePlane,
  similarity,
  type Transform,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import { createEngine, decodeDetector, decodeMatcher, type Engine, type KeypointNetworks } from '@tiepoint/matching';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobScene } from '../cli/testing/blob-scene.js';
import { untrainedNetworkFiles } from '../cli/testing/untrained-networks.js';
import type { PlaneOptions } from './plane-options.js';
import { registerPlanes } from './register-planes.js';

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

describe('registerPlanes', () => {
  let engine: Engine;
  beforeAll(() => {
    engine = createEngine({ threads: 2 });
  });
  afterAll(() => engine.dispose());
  const options = (method: PlaneOptions['method']): PlaneOptions => ({
    engine,
    start: null,
    method,
    model: 'auto',
    searchRadius: 40,
    seed: 0,
  });

  test('finds any rotation and scale by search', async () => {
    const truth = motion(2.4, 0.8, 6, -9);
    const { verdict, method, estimate } = await registerPlanes(scene, sense(truth), options('auto'));
    expect(verdict).toBe('accept');
    expect(method).toBe('global search + grid');
    expect(worstError(estimate!.transform, truth)).toBeLessThan(0.5);
  });

  test('finds a rotation by keypoints', async () => {
    const truth = motion(0.7, 1.1, -12, 5);
    const { verdict, method, estimate } = await registerPlanes(scene, sense(truth), options('keypoints'));
    expect(verdict).toBe('accept');
    expect(method).toBe('keypoints (RIFT) + grid');
    expect(worstError(estimate!.transform, truth)).toBeLessThan(0.5);
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
    const shifted = await registerPlanes(crop(0), crop(88), { ...options('keypoints'), keypoints });
    expect(shifted.verdict).toBe('accept');
    expect(shifted.method).toBe('keypoints (networks) + grid');
    expect(shifted.keypointWeights).toMatch(
      /^detector untrained detector \[\w{8}\]; matcher untrained matcher \[\w{8}\]$/,
    );
    expect(worstError(shifted.estimate!.transform, translation(88, 0))).toBeLessThan(0.5);
    // They do not know turned and inverted ones.
    const truth = motion(0.7, 1.1, -12, 5);
    const turned = await registerPlanes(scene, sense(truth), { ...options('keypoints'), keypoints });
    expect(turned.method).toBe('keypoints (RIFT) + grid');
    expect(turned.keypointWeights).toBeUndefined();
    expect(worstError(turned.estimate!.transform, truth)).toBeLessThan(0.5);
  });

  test('does not search where only the grid is asked for', async () => {
    const { verdict, method } = await registerPlanes(scene, sense(motion(1.5, 1, 0, 0)), options('grid'));
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
    const { verdict, estimate, accuracy } = await registerPlanes(scene, sensed, {
      ...options('grid'),
      model: 'bspline',
    });
    const stiff = await registerPlanes(scene, sensed, { ...options('grid'), model: 'affine' });
    expect(verdict).toBe('accept');
    expect(worstError(estimate!.transform, truth)).toBeLessThan(0.5 * worstError(stiff.estimate!.transform, truth));
    expect(accuracy!.checkRmse).toBeLessThan(stiff.accuracy!.checkRmse);
  });

  test('a start close to the truth is used as it is', async () => {
    const truth = motion(0.6, 1, 3, 4);
    const start = composeTransforms(motion(-0.6, 1, 0, 0), translation(2, -1));
    const result = await registerPlanes(scene, sense(truth), { ...options('auto'), start });
    expect(result.method).toBe('grid (georeference)');
    expect(result.verdict).toBe('accept');
    expect(worstError(result.estimate!.transform, truth)).toBeLessThan(0.5);
  });
});
