import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crsFromEpsg, type Georeference, openRaster } from '@tiepoint/raster';
import { afterAll, expect, it } from 'vitest';
import { writeMarksMask } from './write-marks-mask.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-marks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const georeference: Georeference = {
  crs: crsFromEpsg(32633, 'projected'),
  geotransform: [500_000, 10, 0, 5_000_000, 0, -10],
  origin: 'file',
};
const grid = { width: 300, height: 520, georeference };

it('writes marks of a coarser mask on the grid of the reference', async () => {
  const mask = new Uint8Array(100 * 150);
  mask[70 * 100 + 40] = 1;
  const path = join(folder, 'marks.tif');
  await writeMarksMask(path, { mask, width: 100, height: 150, scale: [2, 3], origin: [10, 0] }, grid);
  await using file = await openRaster(path);
  expect(file.georeference?.geotransform).toEqual(georeference.geotransform);
  const { data } = await file.readPlane({ band: 1 });
  const marked = Array.from(data.entries()).filter(([, value]) => value === 255);
  expect(marked).toHaveLength(6);
  for (const [i] of marked) {
    expect(Math.floor(((i % 300) - 10) / 2)).toBe(40);
    expect(Math.floor(Math.floor(i / 300) / 3)).toBe(70);
  }
});

it('writes nothing but zeros where there are none', async () => {
  const path = join(folder, 'none.tif');
  await writeMarksMask(path, null, grid);
  await using file = await openRaster(path);
  const { data } = await file.readPlane({ band: 1 });
  expect(data.every((value) => value === 0)).toBe(true);
});
