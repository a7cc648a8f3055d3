import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crsFromEpsg, openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terrainAt } from './terrain.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-terrain-'));
const at = (name: string): string => join(folder, name);
const hasGdal = spawnSync('gdaldem', ['--help']).error === undefined;
if (!hasGdal) process.stderr.write('note: gdaldem is not installed; slopes are not compared with it\n');
afterAll(() => rmSync(folder, { recursive: true }));

const side = 120;
const crs = crsFromEpsg(32633, 'projected');

beforeAll(async () => {
  const heights = Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return 500 + 200 * Math.sin(x * 0.08) * Math.cos(y * 0.06);
  });
  const size = { width: side, height: side, dataType: 'float32' as const };
  await writeGeoTiff(at('dem.tif'), {
    ...size,
    bands: [heights],
    georeference: { crs, geotransform: [500_000, 20, 0, 5_000_000, 0, -20], origin: 'file' },
  });
  // Half of it lies beside the DEM.
  await writeGeoTiff(at('image.tif'), {
    ...size,
    bands: [heights],
    georeference: { crs, geotransform: [501_200, 20, 0, 4_999_000, 0, -20], origin: 'file' },
  });
  await writeGeoTiff(at('nowhere.tif'), { ...size, bands: [heights] });
});

describe('the ground', () => {
  it.skipIf(!hasGdal)('is as high and as steep as gdaldem says', async () => {
    execFileSync('gdaldem', ['slope', at('dem.tif'), at('slope.tif'), '-q']);
    await using dem = await openRaster(at('dem.tif'));
    await using image = await openRaster(at('image.tif'));
    await using slopes = await openRaster(at('slope.tif'));
    const [heights, steep] = [await dem.readWindow(), await slopes.readWindow()];
    const pixels = Float64Array.of(5.5, 4.5, 30.5, 20.5, 50.5, 60.5, 100.5, 10.5);
    const found = await terrainAt(image, pixels, dem);
    for (let i = 0; i < 3; i++) {
      // The image's pixels are the DEM's, 60 columns and 50 rows on.
      const index = (Math.floor(pixels[2 * i + 1]!) + 50) * side + Math.floor(pixels[2 * i]!) + 60;
      expect(found.elevation[i]).toBeCloseTo(heights.data[0]![index]!, 1);
      expect(Math.abs(found.slope[i]! - steep.data[0]![index]!)).toBeLessThan(0.5);
    }
    expect(Math.max(...found.slope.subarray(0, 3))).toBeGreaterThan(15);
    expect([found.elevation[3], found.slope[3]]).toEqual([Number.NaN, Number.NaN]);
  });

  it('is nowhere for what does not say where it lies', async () => {
    await using dem = await openRaster(at('dem.tif'));
    await using nowhere = await openRaster(at('nowhere.tif'));
    const pixels = Float64Array.of(10, 10);
    await expect(terrainAt(nowhere, pixels, dem)).rejects.toMatchObject({ code: 'no-georeference' });
    await expect(terrainAt(dem, pixels, nowhere)).rejects.toMatchObject({ code: 'no-georeference' });
  });
});
