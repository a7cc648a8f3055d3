import { createRandom, identity, type Plane } from '@tiepoint/geometry';
import { createEngine } from '@tiepoint/matching';
import { afterAll, expect, test } from 'vitest';
import { blobScene } from '../cli/testing/blob-scene.js';
import { taskOfPlanes } from './task.js';
import { groundBesideMarks } from './ground-beside-marks.js';

const side = 256;
const engine = createEngine();
afterAll(() => engine.dispose());

/** A scene as one sensor sees it, under lines that another image of any ground may carry as well. */
function ruled(scene: number, noise: number, bend: (v: number) => number): Plane {
  const random = createRandom(noise);
  const data = Float32Array.from(blobScene(side, side, scene), (v, i) =>
    (i % side) % 50 === 25 || Math.floor(i / side) % 50 === 25 ? 0 : bend(v) + 3 * random.normal(),
  );
  return { width: side, height: side, data };
}

async function ground(otherScene: number): Promise<number | undefined> {
  const [reference, sensed] = [ruled(3, 1, (v) => v), ruled(otherScene, 2, (v) => 300 * Math.exp(-v / 90))];
  const task = taskOfPlanes(reference, sensed, { engine });
  expect(task.marks).not.toBeNull();
  return await groundBesideMarks(task, task.marks!, identity);
}

test('ground agrees clear of marks where it is the same, and not where it is another', async () => {
  expect(await ground(3)).toBeGreaterThan(6);
  expect(await ground(4)).toBeLessThan(3.5);
});
