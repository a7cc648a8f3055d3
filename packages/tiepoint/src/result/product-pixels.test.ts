import { transformPoint } from '@tiepoint/geometry';
import type { Georeference } from '@tiepoint/raster';
import { describe, expect, it } from 'vitest';
import { productToRegistered } from './product-pixels.js';

const georeference = (x: number, y: number, size: number, code = 'EPSG:32633'): Georeference => ({
  crs: { name: code, code, definition: null, kind: 'projected' },
  geotransform: [x, size, 0, y, 0, -size],
  origin: 'file',
});
const registered = {
  source: 'sensed.tif',
  width: 1001,
  height: 800,
  geotransform: [500_000, 10, 0, 4_600_000, 0, -10] as const,
  crs: 'EPSG:32633',
};
const image = (width: number, height: number, place: Georeference | null) => ({
  name: 'product.tif',
  width,
  height,
  georeference: place,
});

describe('productToRegistered', () => {
  it('goes by the georeferences: resolution and extent may differ', async () => {
    const map = await productToRegistered(image(100, 90, georeference(500_200, 4_599_900, 20)), registered, 'sensed');
    const [x, y] = transformPoint(map, 3, 4);
    expect(x).toBeCloseTo(20 + 6, 9);
    expect(y).toBeCloseTo(10 + 8, 9);
  });

  it('goes by the sizes where there is no georeference, also where the last pixels were filled up', async () => {
    const [x, y] = transformPoint(await productToRegistered(image(501, 400, null), registered, 'sensed'), 10, 10);
    expect([x, y]).toEqual([20, 20]);
    const [finer] = transformPoint(await productToRegistered(image(3003, 2400, null), registered, 'sensed'), 30, 10);
    expect(finer).toBeCloseTo(10, 9);
  });

  it('goes by the georeferences in another system as well, of the same size or not', async () => {
    // The corner of the registered image in the next zone, as PROJ has it (cs2cs EPSG:32633 EPSG:32634).
    const place = georeference(-488.803, 4_617_415.983, 10, 'EPSG:32634');
    const map = await productToRegistered(image(1001, 800, place), registered, 'sensed');
    const [x, y] = transformPoint(map, 0, 0);
    expect(Math.hypot(x, y)).toBeLessThan(0.5);
    // Meridians converge: the grids are turned against each other by 4°.
    const [x1, y1] = transformPoint(map, 1000, 0);
    expect(Math.abs(Math.atan2(y1 - y, x1 - x)) * (180 / Math.PI)).toBeCloseTo(3.95, 1);
  });

  it('is an error where the systems bend against each other', async () => {
    const wide = image(20_000, 20_000, georeference(200_000, 4_632_744, 10, 'EPSG:32634'));
    await expect(productToRegistered(wide, registered, 'sensed')).rejects.toMatchObject({
      code: 'sensed-mismatch',
      hint: expect.stringContaining('gdalwarp'),
    });
  });

  it('is an error for another shape in no system', async () => {
    await expect(productToRegistered(image(700, 800, null), registered, 'sensed')).rejects.toThrow(/700 × 800 px/);
  });
});
