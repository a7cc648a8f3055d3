import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crsFromEpsg, openRaster, parseControlPoints, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, expect, it } from 'vitest';
import { formatTiePoints } from './format-tie-points.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-points-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('writes an annotation of the file that was registered, with the tie points that agree', async () => {
  const path = join(folder, 'a sheet #1.tif');
  const image = { width: 64, height: 48, bands: [new Uint8Array(64 * 48).fill(1)], dataType: 'uint8' } as const;
  await writeGeoTiff(path, {
    ...image,
    georeference: { crs: crsFromEpsg(4326, 'geographic'), geotransform: [10, 0.01, 0, 50, 0, -0.01], origin: 'file' },
  });
  await using file = await openRaster(path);
  const point = { sensed: [5, 6], reference: [10, 20], covariance: [0.1, 0, 0.2], score: 0.5 } as const;
  const text = await formatTiePoints(
    'annotation',
    [
      { ...point, inlier: true },
      { ...point, inlier: false },
    ],
    file,
    file,
  );
  const { target } = JSON.parse(text) as { readonly target: { readonly source: Readonly<Record<string, unknown>> } };
  expect(target.source).toMatchObject({ id: pathToFileURL(path).href, width: 64, height: 48 });
  const { points } = await parseControlPoints(text, 'annotation');
  expect(points).toMatchObject([{ x: 5, y: 6, covariance: [0.1, 0, 0.2] }]);
  expect(points[0]!.mapX).toBeCloseTo(10.1, 9);
  expect(points[0]!.mapY).toBeCloseTo(49.8, 9);
});
