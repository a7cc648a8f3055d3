import { describe, expect, it } from 'vitest';
import type { PlacedImage } from '../inputs/start-geometry.js';
import { planPairs } from './plan-pairs.js';

/** An image of 100² px of 10 m whose corner lies so many px east. */
function imageAt(x: number): PlacedImage {
  const crs = { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' } as const;
  const geotransform = [500_000 + 10 * x, 10, 0, 4_600_000, 0, -10] as const;
  return { name: `at-${x}`, width: 100, height: 100, georeference: { crs, geotransform, origin: 'file' } };
}

const unplaced = (count: number): PlacedImage[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${i}`, width: 100, height: 100, georeference: null }));

async function pairsOf(images: readonly PlacedImage[], options = {}): Promise<readonly string[]> {
  return (await planPairs(images, options)).map(({ reference, sensed }) => `${reference}-${sensed}`);
}

describe('the pairs of a series', () => {
  it('are those that overlap, by georeference', async () => {
    // The third shares nothing with the reference, and 4 px with the first.
    expect(await pairsOf([imageAt(0), imageAt(30), imageAt(126), imageAt(60)])).toEqual(['0-1', '0-3', '1-3', '2-3']);
  });

  it('are those with most in common where they are to be few, and always those with the reference', async () => {
    const images = [0, 5, 10, 20, 35, 55].map(imageAt);
    expect(await pairsOf(images, { neighbours: 0 })).toEqual(['0-1', '0-2', '0-3', '0-4', '0-5']);
    const few = await pairsOf(images, { neighbours: 1 });
    expect(few).toEqual(['0-1', '0-2', '1-2', '0-3', '2-3', '0-4', '3-4', '0-5', '4-5']);
    expect(await pairsOf(images)).toHaveLength(15);
  });

  it('are the reference´s and the two next where nothing says what overlaps', async () => {
    const expected = ['0-1', '0-2', '1-2', '0-3', '1-3', '2-3', '0-4', '2-4', '3-4'];
    expect(await pairsOf(unplaced(5))).toEqual(expected);
    expect(await pairsOf([0, 500, 1000, 1500, 2000].map(imageAt), { georeference: false })).toEqual(expected);
    expect(await pairsOf(unplaced(4), { neighbours: 1 })).toEqual(['0-1', '0-2', '1-2', '0-3', '2-3']);
  });
});
