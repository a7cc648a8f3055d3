import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lookUpEpsg } from './georeference/epsg-table.js';
import { openRaster } from './formats/open-raster.js';
import { sample } from './readme.sample.js';
import { writeGeoTiff } from './formats/geotiff/write/write-geotiff.js';

test('the sample in the README is the file that is compiled, and runs', async () => {
  const text = readFileSync(new URL('../src/readme.sample.ts', import.meta.url), 'utf8');
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(text);
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  const [input, cog, warped] = ['in', 'cog', 'warped'].map((name) => join(folder, `${name}.tif`)) as [
    string,
    string,
    string,
  ];
  await writeGeoTiff(input, {
    width: 256,
    height: 200,
    bands: [Uint16Array.from({ length: 256 * 200 }, (_, i) => 100 + (i % 256))],
    dataType: 'uint16',
    georeference: {
      crs: await lookUpEpsg(32633),
      geotransform: [500000, 10, 0, 5000000, 0, -10],
      origin: 'file',
    },
  });
  const [planeWidth, width, height] = await sample(input, cog, warped);
  expect(planeWidth).toBe(128);
  // 2,560 m × 2,000 m in pixels of 20 m, turned by the convergence of meridians.
  expect(width).toBeGreaterThan(125);
  expect(width).toBeLessThan(145);
  expect(height).toBeGreaterThan(98);
  await using file = await openRaster(cog);
  expect((await file.readWindow()).data[0]![0]).toBe(200);
  await rm(folder, { recursive: true });
});
