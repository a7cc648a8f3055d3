import { type Plane, transformPoint, translation } from '@tiepoint/geometry';
import { contrastWithAside, createEngine, localisePatches } from '@tiepoint/matching';
import { afterAll, describe, expect, test } from 'vitest';
import { blobScene } from '../cli/testing/blob-scene.js';
import { shippedDlsm } from '../weights/shipped-dlsm.js';
import { taskOfPlanes } from '../inputs/task.js';
import { askNetwork } from './network-opinion.js';
import type { WindowAgreement } from './window-agreement.js';

const engine = createEngine();
afterAll(() => engine.dispose());

const wide = 320;
const scene = Float32Array.from(blobScene(wide, wide, 7));

/** What of a scene begins at (left, top). */
function cut(data: Float32Array, left: number, top: number, side: number): Plane {
  const at = (i: number): number => (top + Math.floor(i / side)) * wide + left + (i % side);
  return { width: side, height: side, data: Float32Array.from({ length: side * side }, (_, i) => data[at(i)]!) };
}

/** As another sensor sees it: contrast reversed and bent. */
function otherSensor(plane: Plane): Plane {
  const top = Math.max(...plane.data);
  return { ...plane, data: plane.data.map((v) => 300 * Math.exp((-3 * v) / top)) };
}

const reference = cut(scene, 30, 30, 256);
/** What lies at (x, y) in the reference lies at (x + 6, y − 5). */
const sensed = otherSensor(cut(scene, 24, 35, 256));
const unrelated = otherSensor(cut(Float32Array.from(blobScene(wide, wide, 99)), 24, 35, 256));

describe('the network', () => {
  test('finds images more alike at the right geometry than beside it, others not', async () => {
    const dlsm = await shippedDlsm();
    const right = await contrastWithAside(engine, dlsm, reference, sensed, translation(6, -5));
    expect(right!.significance).toBeGreaterThan(8);
    const chance = await contrastWithAside(engine, dlsm, reference, unrelated, translation(6, -5));
    expect(Math.abs(chance!.significance)).toBeLessThan(5);
    // Too small for four patches with ground beside them.
    const small = cut(scene, 0, 0, 48);
    expect(await contrastWithAside(engine, dlsm, small, small, translation(0, 0))).toBeNull();
  });

  test('finds patches several pixels from where they are expected', async () => {
    const ground = (plane: Plane) => ({ plane, left: 0, top: 0 });
    const places = [100, 130, 160].map((x) => ({
      x,
      y: 128,
      reference: ground(reference),
      sensed: ground(sensed),
      referenceToSensed: translation(0, 0),
      // As if something were known already: what is found counts from there.
      ahead: [-1, 2] as const,
    }));
    const found = await localisePatches(engine, await shippedDlsm(), places, [30, 30], { reach: 8 });
    for (const [i, { x }] of places.entries()) {
      expect(Math.abs(found.source[2 * i]! - x - 6)).toBeLessThan(0.5);
      expect(Math.abs(found.source[2 * i + 1]! - 128 + 5)).toBeLessThan(0.5);
    }
  });

  test('is asked where the windows leave doubts, and mends what they left', async () => {
    const task = taskOfPlanes(reference, sensed, { engine, seed: 1, dlsm: await shippedDlsm() });
    const weak: WindowAgreement = {
      logFalseAlarms: [-4, -4, -4],
      tried: 40,
      matched: 30,
      inliers: 9,
      score: 0.2,
      distinctness: 0.03,
    };
    const opinion = await askNetwork(task, weak, translation(2.5, -2));
    expect(opinion!.contrast.significance).toBeGreaterThan(8);
    const [x, y] = transformPoint(opinion!.referenceToSensed, 128, 128);
    expect(Math.hypot(x - 134, y - 123)).toBeLessThan(0.5);
    expect(await askNetwork({ ...task, dlsm: null }, weak, translation(6, -5))).toBeNull();
    expect(await askNetwork(task, { ...weak, logFalseAlarms: [-40, -40, -40] }, translation(6, -5))).toBeNull();
  });
});
