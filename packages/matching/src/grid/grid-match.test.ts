import {
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  resamplePlane,
  similarity,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../engine.js';
import { mind } from '../features/mind.js';
import { orientedGradients } from '../features/oriented-gradients.js';
import { createPyramid } from '../image/pyramid.js';
import { anyPose, searchPose } from '../pose/pose-search.js';
import { otherSensor, syntheticScene } from '../testing/synthetic-scene.js';
import { type GridMatches, matchGrid } from './grid-match.js';

/** About the centre of a square image: turned, scaled, shifted. */
function motion(side: number, angle: number, scale: number, dx: number, dy: number): MatrixTransform {
  return composeTransforms(
    translation(side / 2 + dx, side / 2 + dy),
    composeTransforms(similarity(scale, angle, 0, 0), translation(-side / 2, -side / 2)),
  );
}

function errors(matches: GridMatches, referenceToSensed: MatrixTransform): number[] {
  return Array.from({ length: matches.count }, (_, i) => {
    const [x, y] = transformPoint(referenceToSensed, matches.target[2 * i]!, matches.target[2 * i + 1]!);
    return Math.hypot(matches.source[2 * i]! - x, matches.source[2 * i + 1]! - y);
  }).toSorted((a, b) => a - b);
}

describe('grid matching', () => {
  const pass = { step: 1, window: 48, radius: 10, cells: 5, bothWays: true };

  test.each([256, 1200])('finds a shift across sensors to a fifth of a pixel, at %i px a side', async (side) => {
    // The small image is described as a whole, the large one window by window.
    const scene = syntheticScene(side, side, 6);
    const truth = translation(4.3, -2.6);
    const moved = otherSensor(resamplePlane(scene, side, side, invertTransform(truth)!, { kernel: 'cubic' }));
    await using engine = createEngine({ threads: 2 });
    const start = translation(1, 1);
    const matches = await matchGrid(engine, createPyramid(scene), createPyramid(moved), start, mind(), pass);
    expect(matches.count).toBeGreaterThan(20);
    const sorted = errors(matches, truth);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(0.2);
    expect(matches.roundTrip.every((v) => v <= 2)).toBe(true);
  });

  test('does not look where either image is invalid', async () => {
    const scene = syntheticScene(256, 256, 7);
    const mask = new Uint8Array(256 * 256).fill(1);
    for (let y = 0; y < 256; y++) mask.fill(0, y * 256, y * 256 + 128);
    await using engine = createEngine({ threads: 2 });
    const start = translation(0, 0);
    const half = createPyramid({ ...scene, mask });
    const matches = await matchGrid(engine, createPyramid(scene), half, start, mind(), pass);
    expect(matches.count).toBeGreaterThan(5);
    for (let i = 0; i < matches.count; i++) expect(matches.target[2 * i]).toBeGreaterThan(128 - 24);
  });
});

test('the pose search finds a rotation and scale across sensors', async () => {
  const side = 256;
  const scene = syntheticScene(side, side, 8);
  const truth = motion(side, 2.2, 1.2, 8, -5);
  const moved = otherSensor(resamplePlane(scene, side, side, invertTransform(truth)!, { kernel: 'bilinear' }));
  await using engine = createEngine({ threads: 2 });
  const poses = await searchPose(engine, createPyramid(scene), createPyramid(moved), orientedGradients(), anyPose, 3);
  const miss = (map: MatrixTransform): number =>
    Math.max(
      ...[60, 190].map((v) => {
        const [[x, y], [tx, ty]] = [transformPoint(map, v, 128), transformPoint(truth, v, 128)];
        return Math.hypot(x - tx, y - ty);
      }),
    );
  expect(miss(poses[0]!.referenceToSensed)).toBeLessThan(12);
  expect(poses[0]!.score).toBeGreaterThan(1.3 * poses[1]!.score);
});
