import { createRandom, type Plane, transformPoint } from '@tiepoint/geometry';
import { createEngine } from '@tiepoint/matching';
import { afterAll, describe, expect, it } from 'vitest';
import { blobScene } from './cli/testing/blob-scene.js';
import { taskOfPlanes } from './inputs/task.js';
import { registerTask } from './register.js';

const engine = createEngine({ threads: 1 });
afterAll(() => engine.dispose());

const side = 240;
const wide = side + 60;
const scene = blobScene(wide, wide, 12);
const random = createRandom(4);
const cut = (left: number, top: number): Plane => ({
  width: side,
  height: side,
  data: Float32Array.from(
    { length: side * side },
    (_, i) => scene[(Math.floor(i / side) + top) * wide + (i % side) + left]! + 12 * random.normal(),
  ),
});
const [reference, sensed] = [cut(0, 0), cut(30, 16)];

describe('a bound on the shift', () => {
  it('lets pass what lies within it', async () => {
    const result = await registerTask(taskOfPlanes(reference, sensed, { engine, maxShift: 40, method: 'grid' }));
    expect(result.verdict).toBe('accept');
    if (!result.found) throw new Error('nothing was found');
    const [x, y] = transformPoint(result.model.sensedToReference, 100, 100);
    expect(Math.hypot(x - 130, y - 116)).toBeLessThan(0.5);
  });

  it('holds for every search, and says what it kept out', async () => {
    const result = await registerTask(taskOfPlanes(reference, sensed, { engine, maxShift: 20 }));
    expect(result.verdict).toBe('refuse');
    expect(result.confidence).toBeLessThan(0.5);
    expect(['beyond-max-shift', 'chance']).toContain(result.findings[0]!.code);
  });
});
