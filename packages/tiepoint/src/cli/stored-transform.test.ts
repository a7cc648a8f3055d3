import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { affine, transformPoint } from '@tiepoint/geometry';
import { type ControlPointSet, formatAnnotation, formatControlPoints, type ReferenceGrid } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStoredTransform } from './stored-transform.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-stored-'));
afterAll(() => rmSync(folder, { recursive: true }));

const crs = { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' } as const;
const reference: ReferenceGrid = {
  width: 100,
  height: 100,
  georeference: { crs, geotransform: [500_000, 10, 0, 4_600_000, 0, -10], origin: 'file' },
};
const truth = affine(1.1, 0.05, 8, -0.04, 0.95, 3);
const places = [
  [5, 5],
  [90, 10],
  [15, 85],
  [80, 90],
  [50, 40],
] as const;

beforeAll(async () => {
  const pixels: ControlPointSet = {
    crs: null,
    points: places.map(([x, y], i) => {
      const [mapX, mapY] = transformPoint(truth, x, y);
      return { id: String(i), x, y, mapX, mapY };
    }),
  };
  const wrong = { id: 'wrong', x: 1, y: 1, mapX: 999, mapY: 999, enabled: false };
  writeFileSync(
    join(folder, 'pixels.geojson'),
    await formatControlPoints({ crs: null, points: [...pixels.points, wrong] }, 'geojson'),
  );
  const onMap = pixels.points.map((p) => ({ ...p, mapX: 500_000 + 10 * p.mapX, mapY: 4_600_000 - 10 * p.mapY }));
  writeFileSync(join(folder, 'map.geojson'), await formatControlPoints({ crs, points: onMap }, 'geojson'));
  const image = { id: 'https://example.org/sensed.tif', width: 1000, height: 1000 };
  writeFileSync(join(folder, 'map.annotation.json'), await formatAnnotation({ crs, points: onMap }, image));
});

const sensed = { name: 'sensed.tif', width: 1000, height: 1000, georeference: null };

describe('a transform from control points', () => {
  it.each(['pixels.geojson', 'map.geojson', 'map.annotation.json'])(
    'leads to the pixels of the reference: %s',
    async (name) => {
      const { transform, solution } = await readStoredTransform(
        { points: join(folder, name), model: 'affine' },
        { reference, sensed },
      );
      expect(solution).toBeNull();
      const [X, Y] = transformPoint(transform, 33, 66);
      const [tx, ty] = transformPoint(truth, 33, 66);
      // Through degrees and back, where the file holds those.
      expect(X).toBeCloseTo(tx, 4);
      expect(Y).toBeCloseTo(ty, 4);
    },
  );

  it('leads to the map where there is no reference', async () => {
    const { transform } = await readStoredTransform({ points: join(folder, 'map.geojson'), model: 'affine' });
    expect(transformPoint(transform, 33, 66)[0]).toBeCloseTo(500_000 + 10 * transformPoint(truth, 33, 66)[0], 3);
  });

  it('is an error where the points do not suffice, the reference is nowhere, or both or none are named', async () => {
    const points = join(folder, 'map.geojson');
    await expect(
      readStoredTransform({ points, model: 'affine' }, { reference: { ...reference, georeference: null }, sensed }),
    ).rejects.toMatchObject({
      code: 'crs-mismatch',
    });
    await expect(readStoredTransform({ points, model: 'polynomial3' })).rejects.toMatchObject({
      code: 'points-degenerate',
    });
    await expect(readStoredTransform({ model: 'affine' })).rejects.toMatchObject({ code: 'usage' });
    await expect(readStoredTransform({ points, solution: 'x', model: 'affine' })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
