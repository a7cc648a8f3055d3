import { crsFromEpsg, parseControlPoints } from '@tiepoint/raster';
import { describe, expect, it } from 'vitest';
import { onSensedPixels, type SensedGrid } from './points-on-sensed.js';

const sensed: SensedGrid = {
  name: 'scan.tif',
  width: 200,
  height: 100,
  georeference: {
    crs: crsFromEpsg(32633, 'projected'),
    geotransform: [500_000, 2, 0, 4_600_000, 0, -2],
    origin: 'file',
  },
};

/** What QGIS writes of points at these pixels, of a layer that is georeferenced or not. */
async function written(pixels: readonly (readonly [number, number])[], onMap: boolean) {
  const rows = pixels.map(([x, y], i) => {
    const [sourceX, sourceY] = onMap ? [500_000 + 2 * x, 4_600_000 - 2 * y] : [x, -y];
    return `${600_000 + i},${4_700_000 - i},${sourceX},${sourceY},1,0,0,0`;
  });
  return parseControlPoints(['mapX,mapY,sourceX,sourceY,enable,dX,dY,residual', ...rows].join('\n'), 'qgis');
}

const pixels = [
  [10, 20],
  [190, 30],
  [100, 90],
] as const;

describe('control points on the sensed image', () => {
  it('come from its map where QGIS had it georeferenced, and that is said', async () => {
    const { set, warnings } = onSensedPixels(await written(pixels, true), sensed, 'a.points');
    expect(set.points.map(({ x, y }) => [x, y])).toEqual(pixels);
    expect(warnings).toEqual([expect.stringContaining('map coordinates')]);
  });

  it('are left as they are where they are pixels', async () => {
    const { set, warnings } = onSensedPixels(await written(pixels, false), sensed, 'a.points');
    expect(set.points.map(({ x, y }) => [x, y])).toEqual(pixels);
    expect(warnings).toEqual([]);
  });

  it('are counted where they are dropped', async () => {
    const beside = await written([...pixels, [300, 20], [-50, 20]], false);
    const { set, warnings } = onSensedPixels(beside, sensed, 'a.points');
    expect(set.points.length).toBe(3);
    expect(warnings).toEqual([expect.stringContaining('2 of 5 points')]);
    const nowhere = onSensedPixels(await written(pixels, true), { ...sensed, georeference: null }, 'a.points');
    expect(nowhere.set.points).toEqual([]);
    expect(nowhere.warnings).toEqual([expect.stringContaining('3 of 3 points')]);
  });
});
