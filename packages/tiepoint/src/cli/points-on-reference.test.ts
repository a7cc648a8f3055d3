import type { ControlPointSet, Crs, ReferenceGrid } from '@tiepoint/raster';
import { describe, expect, it } from 'vitest';
import { onReferencePixels } from './points-on-reference.js';

const zone33: Crs = { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' };
const degrees: Crs = { name: 'WGS 84', code: 'EPSG:4326', definition: null, kind: 'geographic' };
const reference: ReferenceGrid = {
  width: 100,
  height: 100,
  georeference: { crs: zone33, geotransform: [500_000, 10, 0, 4_600_000, 0, -10], origin: 'file' },
};
const set = (crs: Crs | null, mapX: number, mapY: number): ControlPointSet => ({
  crs,
  points: [{ id: '1', x: 5, y: 6, mapX, mapY }],
});
const placeOf = async (points: ControlPointSet): Promise<[number, number]> => {
  const { mapX, mapY } = (await onReferencePixels(points, reference, 'p')).set.points[0]!;
  return [mapX, mapY];
};

describe('control points on the pixels of a reference', () => {
  it('come from its map, and from other systems', async () => {
    expect(await placeOf(set(zone33, 500_123, 4_599_770))).toEqual([expect.closeTo(12.3, 9), expect.closeTo(23, 9)]);
    // The central meridian of zone 33 is 15° east, at an easting of 500 km.
    const [x] = await placeOf(set(degrees, 15.001, 41.55));
    expect(x).toBeCloseTo((0.001 * 111_320 * Math.cos((41.55 * Math.PI) / 180)) / 10, 1);
  });

  it('are guessed to be on the map or pixels where no system is named, and a guess of the map is said', async () => {
    const onMap = await onReferencePixels(set(null, 500_123, 4_599_770), reference, 'p');
    expect(onMap.set.points[0]!.mapX).toBeCloseTo(12.3, 9);
    expect(onMap.warnings).toHaveLength(1);
    const pixels = await onReferencePixels(set(null, 12, 34), reference, 'p');
    expect(pixels.set.points[0]).toMatchObject({ mapX: 12, mapY: 34 });
    expect(pixels.warnings).toEqual([]);
  });

  it('are an error where they have a system and the reference has no place', async () => {
    await expect(onReferencePixels(set(zone33, 1, 2), { ...reference, georeference: null }, 'p')).rejects.toMatchObject(
      {
        code: 'crs-mismatch',
      },
    );
  });
});
