import { affine, transformPoint } from '@tiepoint/geometry';
import { createEngine } from '@tiepoint/matching';
import { afterAll, describe, expect, it } from 'vitest';
import { generatedPair } from '../testing/generated-pair.js';
import { alignPair } from './align-pair.js';
import { applyAlignments } from './stored-alignments.js';

const engine = createEngine();
afterAll(() => engine.dispose());

describe('alignPair', () => {
  it('finds what the manifest is off by', async () => {
    const truth = affine(1.004, -0.006, 2.5, 0.005, 0.998, -1.4);
    const pair = generatedPair(1, 224, truth, affine(1, 0, 1, 0, 1, 0));
    const found = await alignPair(engine, pair, 1);
    expect(found.confirmed).toBe(true);
    expect(found.after).toBeLessThan(0.5 * found.before);
    const [aligned] = applyAlignments([pair], [found]);
    for (const [x, y] of [
      [40, 40],
      [180, 60],
      [110, 190],
    ] as const) {
      const [tx, ty] = transformPoint(truth, x, y);
      const [fx, fy] = transformPoint(aligned!.referenceToSensed, x, y);
      expect(Math.hypot(fx - tx, fy - ty)).toBeLessThan(0.2);
    }
  });

  it('does not confirm a pair of different places, which is then left out', async () => {
    const pair = { ...generatedPair(1, 256), sensed: generatedPair(2, 256).sensed };
    const found = await alignPair(engine, pair, 1);
    expect(found.confirmed).toBe(false);
    expect(applyAlignments([pair, generatedPair(3, 40)], [found])).toHaveLength(1);
  });
});
