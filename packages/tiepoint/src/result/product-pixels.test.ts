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
  it('goes by the georeferences: resolution and extent may differ', () => {
    const map = productToRegistered(image(100, 90, georeference(500_200, 4_599_900, 20)), registered, 'sensed');
    const [x, y] = transformPoint(map, 3, 4);
    expect(x).toBeCloseTo(20 + 6, 9);
    expect(y).toBeCloseTo(10 + 8, 9);
  });

  it('goes by the sizes where there is no georeference, also where the last pixels were filled up', () => {
    const [x, y] = transformPoint(productToRegistered(image(501, 400, null), registered, 'sensed'), 10, 10);
    expect([x, y]).toEqual([20, 20]);
    const [finer] = transformPoint(productToRegistered(image(3003, 2400, null), registered, 'sensed'), 30, 10);
    expect(finer).toBeCloseTo(10, 9);
  });

  it('is an error for another shape in no or another system', () => {
    for (const place of [null, georeference(500_000, 4_600_000, 10, 'EPSG:32634')]) {
      expect(() => productToRegistered(image(700, 800, place), registered, 'sensed')).toThrow(/700 × 800 px/);
    }
  });
});
