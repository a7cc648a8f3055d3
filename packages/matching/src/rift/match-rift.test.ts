import {
  composeTransforms,
  createRandom,
  estimateTransform,
  invertTransform,
  type MatrixTransform,
  type Plane,
  resamplePlane,
  similarity,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../engine.js';
import { matchRift } from './match-rift.js';

const size = 192;
const engine = createEngine();
afterAll(() => engine.dispose());

/** Discs and rectangles of random grey, each over the ones before. */
function scene(seed: number): Plane {
  const random = createRandom(seed);
  const data = new Float32Array(size * size).fill(120);
  for (let shape = 0; shape < 160; shape++) {
    const [x, y] = [random.uniform() * size, random.uniform() * size];
    const [a, b] = [4 + 18 * random.uniform(), 4 + 18 * random.uniform()];
    const round = random.uniform() < 0.5;
    const grey = 255 * random.uniform();
    for (let row = Math.max(0, Math.ceil(y - b)); row < Math.min(size, y + b); row++) {
      for (let column = Math.max(0, Math.ceil(x - a)); column < Math.min(size, x + a); column++) {
        if (round && Math.hypot((column - x) / a, (row - y) / b) > 1) continue;
        data[row * size + column] = grey;
      }
    }
  }
  return { width: size, height: size, data };
}

/** The scene as another sensor sees it: moved, dark where it was bright by a curve, and noisy. */
function otherSensor(plane: Plane, sensedToReference: MatrixTransform): Plane {
  const moved = resamplePlane(plane, size, size, sensedToReference, { kernel: 'cubic' });
  const random = createRandom(99);
  const data = moved.data.map((v) => 255 * (1 - Math.min(1, Math.max(0, v / 255)) ** 0.6) + 3 * random.normal());
  return { ...moved, data };
}

/** About the middle of both images. */
function pose(scale: number, degrees: number): MatrixTransform {
  const turn = similarity(scale, (degrees * Math.PI) / 180, 0, 0);
  return composeTransforms(
    translation(size / 2 + 4, size / 2 - 6),
    composeTransforms(turn, translation(-size / 2, -size / 2)),
  );
}

describe('matchRift', () => {
  const reference = scene(1);

  it.each([
    { scale: 1.3, degrees: 40 },
    { scale: 0.75, degrees: -105 },
    { scale: 1, degrees: 0 },
  ])('finds scale $scale and $degrees° between reversed contrasts', async ({ scale, degrees }) => {
    const truth = pose(scale, degrees);
    const sensed = otherSensor(reference, truth);
    const matches = await matchRift(engine, reference, sensed, { keypoints: 400, seed: 1 });
    expect(matches.score).toHaveLength(matches.count);
    const estimate = estimateTransform(matches, { model: 'similarity', threshold: 3, seed: 2 });
    expect(estimate?.inlierCount).toBeGreaterThan(30);
    const toSensed = invertTransform(truth)!;
    for (const [x, y] of [
      [60, 60],
      [132, 70],
      [96, 128],
    ] as const) {
      const [sx, sy] = transformPoint(toSensed, x, y);
      const [fx, fy] = transformPoint(estimate!.transform, sx, sy);
      expect(Math.hypot(fx - x, fy - y)).toBeLessThan(1);
    }
  });

  it('gives the same matches for the same seed', async () => {
    const sensed = otherSensor(reference, pose(1, 20));
    const first = await matchRift(engine, reference, sensed, { keypoints: 300, seed: 5 });
    const second = await matchRift(engine, reference, sensed, { keypoints: 300, seed: 5 });
    expect(second).toEqual(first);
  });

  it('finds no agreement between images of different scenes', async () => {
    const sensed = otherSensor(scene(2), pose(1, 0));
    const matches = await matchRift(engine, reference, sensed, { keypoints: 400 });
    const estimate = estimateTransform(matches, { model: 'similarity', threshold: 3, seed: 2 });
    expect(estimate?.inlierCount ?? 0).toBeLessThan(15);
  });

  it('keeps to the valid pixels', async () => {
    const mask = new Uint8Array(size * size).fill(1);
    for (let y = 0; y < size; y++) mask.fill(0, y * size, y * size + 75);
    const data = reference.data.map((v, i) => (mask[i] === 1 ? v : Number.NaN));
    const sensed = otherSensor(reference, pose(1, 0));
    const matches = await matchRift(engine, { ...reference, data, mask }, sensed, { keypoints: 400 });
    expect(matches.count).toBeGreaterThan(30);
    for (let i = 0; i < matches.count; i++) expect(matches.target[2 * i]).toBeGreaterThan(75);
  });

  it('refuses images smaller than a descriptor', async () => {
    const small = { width: 20, height: 300, data: new Float32Array(6000) };
    await expect(matchRift(engine, reference, small)).rejects.toMatchObject({ code: 'image-too-small' });
  });
});
