import { identity, type Plane, translation } from '@tiepoint/geometry';
import { contrastWithAside, createEngine, type Engine } from '@tiepoint/matching';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobScene } from '../cli/testing/blob-scene.js';
import { taskOfPlanes } from '../inputs/task.js';
import { shippedDlsm } from '../weights/shipped-dlsm.js';
import type { RivalPlace } from './evidence.js';
import { strongestRival } from './rival-contrast.js';

const side = 224;
const period = 56;

/** Ground that repeats along x, or does not. */
function ground(repeats: boolean): Plane {
  const scene = blobScene(side, side, 31);
  const data = Float32Array.from({ length: side * side }, (_, i) => {
    const x = i % side;
    return scene[i - x + (repeats ? x % period : x)]!;
  });
  return { width: side, height: side, data };
}

/** As another sensor sees it. */
const seenOtherwise = (plane: Plane): Plane => ({ ...plane, data: plane.data.map((v) => 300 * Math.exp(-v / 90)) });

describe('the rival that is asked about', () => {
  let engine: Engine;
  beforeAll(() => {
    engine = createEngine({ threads: 2 });
  });
  afterAll(() => engine.dispose());
  const near: RivalPlace = { dx: 31, dy: 9, share: 0.95 };
  const alike: RivalPlace = { dx: period, dy: 0, share: 0.85 };
  const ask = async (plane: Plane, rivals: readonly RivalPlace[], withNetwork = true): Promise<RivalPlace | null> => {
    const dlsm = withNetwork ? await shippedDlsm() : null;
    return strongestRival(taskOfPlanes(plane, seenOtherwise(plane), { engine, dlsm }), identity, rivals);
  };

  it('is one that detail speaks for, though another fits better by coarse structure', async () => {
    const rival = await ask(ground(true), [near, alike]);
    expect(rival).toMatchObject(alike);
    expect(rival!.contrast).toBeGreaterThan(0.8);
  });

  it('is said to have no detail for it where ground does not repeat', async () => {
    const rival = await ask(ground(false), [near, alike]);
    expect(rival!.contrast).toBeLessThan(0.3);
  });

  it('is given up after some of the patches where these say nothing for it', async () => {
    const plane = ground(false);
    const ask = async (dx: number, dy: number) =>
      (await contrastWithAside(engine, await shippedDlsm(), plane, seenOtherwise(plane), translation(dx, dy)))!;
    const [right, wrong] = [await ask(0, 0), await ask(31, 9)];
    expect(right.significance).toBeGreaterThan(5);
    expect(wrong.significance).toBeLessThan(0.5);
    expect(wrong.places).toBeLessThan(right.places / 2);
  });

  it('is the best without a network, where none fits nearly as well, and none where there is none', async () => {
    const plane = ground(true);
    expect(await ask(plane, [near, alike], false)).toBe(near);
    const far = { ...near, share: 0.5 };
    expect(await ask(plane, [far])).toBe(far);
    expect(await ask(plane, [])).toBeNull();
  });
});
