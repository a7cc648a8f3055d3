import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasGdal, runOracle } from '../../gdal.test.support.js';
import { openRaster } from '../open-raster.js';

interface Made {
  readonly sentinel2: { readonly path: string; readonly [band: string]: unknown };
  readonly landsat: { readonly path: string; readonly pan: string };
  readonly sentinel1: { readonly path: string; readonly gdal: readonly (readonly number[])[] };
}

const folder = hasGdal ? mkdtempSync(join(tmpdir(), 'products-')) : '';
afterAll(() => (folder ? rm(folder, { recursive: true }) : undefined));

function due(name: string): number[] {
  const bytes = readFileSync(join(folder, `${name}.bin`));
  return Array.from(new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
}

async function samplesOf(path: string, band: number): Promise<number[]> {
  await using file = await openRaster(join(folder, path));
  const { data } = await file.readWindow({ bands: [band] });
  return Array.from(data[0]!);
}

describe.skipIf(!hasGdal)('products as agencies lay them out', () => {
  const made = hasGdal ? (JSON.parse(runOracle('products.py', folder)) as Made) : null!;

  test('Sentinel-2: all spectral bands on the finest grid, as GDAL stretches them', async () => {
    await using file = await openRaster(join(folder, made.sentinel2.path));
    expect(file.bands.map(({ name }) => name)).toEqual(['B01', 'B02', 'B03', 'B04', 'B05', 'B08', 'B8A', 'B11']);
    expect([file.width, file.height, file.format, file.maskKind]).toEqual([600, 600, 'SENTINEL2', 'nodata']);
    expect(file.georeference?.crs?.code).toBe('EPSG:32632');
    expect(file.georeference?.geotransform).toEqual([600000, 10, 0, 5000040, 0, -10]);
    expect(file.bands[3]).toMatchObject({ colorInterpretation: 'red', scale: 1e-4, offset: -0.1, nodata: 0 });
    expect(await samplesOf(made.sentinel2.path, 4)).toEqual(due('s2-B04'));
    expect(await samplesOf(made.sentinel2.path, 8)).toEqual(due('s2-B11-10m'));
    // Its own resolution is there where it is asked for.
    const half = await file.readPlane({ band: 8, width: 300, height: 300 });
    expect(Array.from(half.data)).toEqual(due('s2-B11'));
  });

  test.each(['B04', 'B11', 'B01', 'SCL'])('Sentinel-2: %s alone, on its own grid', async (band) => {
    await using file = await openRaster(join(folder, made.sentinel2.path), { band: band.toLowerCase() });
    expect(file.bands).toHaveLength(1);
    expect(file.bands[0]!.name).toBe(band);
    expect(file.georeference?.geotransform).toEqual(made.sentinel2[band]);
    const read = await file.readWindow();
    expect(Array.from(read.data[0]!)).toEqual(due(`s2-${band}`));
    // By the name that it gives it is opened again.
    await using again = await openRaster(file.location!);
    expect([again.width, again.bands[0]!.name]).toEqual([file.width, band]);
  });

  test.each(['stored.zip', 'deflated.zip'])('Sentinel-2 in %s', async (name) => {
    expect(await samplesOf(`${name}#B11`, 1)).toEqual(due('s2-B11'));
    await using file = await openRaster(new Uint8Array(readFileSync(join(folder, name))), { band: 'B04' });
    expect(file.width).toBe(600);
    await using whole = await openRaster(join(folder, name));
    expect([whole.name, whole.bands.length]).toEqual([join(folder, name), 8]);
  });

  test('Landsat: bands by name, with their scales', async () => {
    await using file = await openRaster(join(folder, made.landsat.path));
    expect(file.bands.map(({ name }) => name)).toEqual(['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7']);
    expect(file.bands[3]).toMatchObject({ colorInterpretation: 'red', scale: 2.75e-5, offset: -0.2, nodata: 0 });
    expect(file.metadata['']).toMatchObject({ SPACECRAFT_ID: 'LANDSAT_9' });
    expect(await samplesOf(made.landsat.path, 4)).toEqual(due('l-B4'));
    await using thermal = await openRaster(join(folder, `${made.landsat.path}#ST_B10`));
    expect(thermal.bands[0]).toMatchObject({ name: 'ST_B10', scale: 0.00341802, offset: 149 });
    await using quality = await openRaster(join(folder, `${made.landsat.path}#QA_PIXEL`));
    expect(quality.bands[0]!.nodata).toBe(null);
  });

  test('Landsat: the panchromatic band has a grid of its own, the description may be XML or JSON', async () => {
    expect(await samplesOf(`${made.landsat.pan}#B8`, 1)).toEqual(due('l-B8'));
    await using file = await openRaster(join(folder, made.landsat.pan));
    expect([file.width, file.bands.map(({ name }) => name)]).toEqual([200, ['B2', 'B3', 'B4']]);
    const json = join(folder, made.landsat.path, 'as_MTL.json');
    const items = { FILE_NAME_BAND_4: `${made.landsat.path}_SR_B4.TIF` };
    writeFileSync(json, JSON.stringify({ LANDSAT_METADATA_FILE: { PRODUCT_CONTENTS: items } }, null, 2));
    await using byJson = await openRaster(json);
    expect(byJson.bands.map(({ name }) => name)).toEqual(['B4']);
  });

  test('Sentinel-1: polarisations by name, placed by the geolocation grid as by GDAL', async () => {
    await using file = await openRaster(join(folder, made.sentinel1.path));
    expect(file.bands.map(({ name }) => name)).toEqual(['VV', 'VH']);
    expect(file.georeference?.crs?.code).toBe('EPSG:4326');
    expect(file.georeference?.origin).toBe('gcps');
    const points = file.georeference!.gcps!.map(({ x, y, mapX, mapY }) => [x, y, mapX, mapY]);
    expect(points).toEqual(made.sentinel1.gdal);
    expect(await samplesOf(`${made.sentinel1.path}#vv`, 1)).toEqual(due('s1-VV'));
  });

  test('Sentinel-1: sigma nought by the calibration annotation, as power and in decibels', async () => {
    const power = due('s1-sigma0');
    const options = { band: 'sigma0_vv' };
    await using file = await openRaster(join(folder, made.sentinel1.path), options);
    expect(file.bands[0]).toMatchObject({ name: 'SIGMA0_VV', dataType: 'float32', unit: null });
    expect(file.georeference?.origin).toBe('gcps');
    const { data } = await file.readWindow();
    // What the radar did not see is not valid.
    const wrong = power.filter((value, i) =>
      value === 0 ? !Number.isNaN(data[0]![i]!) : !(Math.abs(data[0]![i]! - value) <= 1e-6 * value),
    );
    expect(wrong).toEqual([]);
    await using decibels = await openRaster(join(folder, `${made.sentinel1.path}#SIGMA0_VV_DB`));
    expect(decibels.bands[0]!.unit).toBe('dB');
    // A window is calibrated as its place in the image is.
    const window = { x: 101, y: 203, width: 50, height: 40 };
    const part = await decibels.readWindow({ window });
    for (const [x, y] of [
      [0, 0],
      [49, 39],
      [7, 20],
    ] as const) {
      const value = power[(window.y + y) * file.width + window.x + x]!;
      expect(part.data[0]![y * window.width + x]).toBeCloseTo(10 * Math.log10(value), 4);
    }
    const plane = await decibels.readPlane();
    expect(plane.mask![6 * file.width + 20]).toBe(0);
    await expect(openRaster(join(folder, made.sentinel1.path), { band: 'SIGMA0_HH' })).rejects.toMatchObject({
      code: 'no-such-band',
    });
    rmSync(join(folder, made.sentinel1.path, 'annotation', 'calibration'), { recursive: true });
    await expect(openRaster(join(folder, made.sentinel1.path), options)).rejects.toMatchObject({
      code: 'file-not-found',
      hint: expect.stringContaining('--band VV'),
    });
  });

  test('what is missing or unknown is said', async () => {
    await expect(openRaster(join(folder, made.landsat.path), { band: 'B99' })).rejects.toMatchObject({
      code: 'no-such-band',
      hint: expect.stringContaining('ST_B10'),
    });
    rmSync(join(folder, made.landsat.path, `${made.landsat.path}_SR_B5.TIF`));
    await using file = await openRaster(join(folder, made.landsat.path));
    expect(file.bands.map(({ name }) => name)).toEqual(['B1', 'B2', 'B3', 'B4', 'B6', 'B7']);
    expect(file.warnings.join()).toMatch(/band B5 is not there/);
    await expect(openRaster(join(folder, `${made.landsat.path}#B5`))).rejects.toMatchObject({ code: 'file-not-found' });
    const zip = new Uint8Array(readFileSync(join(folder, 'deflated.zip')));
    await expect(openRaster(zip.slice(0, zip.length / 2))).rejects.toMatchObject({ code: 'file-corrupt' });
    const metadata = readFileSync(join(folder, made.sentinel2.path, 'MTD_MSIL2A.xml'));
    await expect(openRaster(new Uint8Array(metadata))).rejects.toMatchObject({ code: 'unsupported-format' });
  });
});
