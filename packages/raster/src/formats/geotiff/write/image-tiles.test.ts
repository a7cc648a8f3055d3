import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasGdal, runOracle, runProgram } from '../../../gdal.test.support.js';
import { openRaster } from '../../open-raster.js';
import { warp } from '../../../warp/warp.js';
import { createCog } from './create-cog.js';
import type { CogOptions } from './cog-options.js';
import { writeGeoTiff } from './write-geotiff.js';

const folder = mkdtempSync(join(tmpdir(), 'image-tiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [width, height] = [300, 210];
const mask = Uint8Array.from({ length: width * height }, (_, i) => (i % width < 50 ? 0 : 1));

/** A smooth picture, as losses are for. */
function picture(band: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return 120 + 70 * Math.sin(x * 0.06 + band) * Math.cos(y * 0.04 * (band + 1));
  });
}

async function write(name: string, options: Partial<CogOptions> & { bandCount: number }): Promise<string> {
  const path = join(folder, name);
  const data = Array.from({ length: options.bandCount }, (_, i) => picture(i));
  await using writer = await createCog(path, {
    width,
    height,
    dataType: 'uint8',
    tileSize: 128,
    mask: true,
    ...options,
  });
  await writer.write({ rows: height, data, mask });
  await writer.finish();
  return path;
}

describe('tiles as images', () => {
  test.each([
    ['jpeg of one band', { compression: 'jpeg', bandCount: 1 }, 4, 'JPEG'],
    ['jpeg in colour', { compression: 'jpeg', bandCount: 3, level: 90 }, 12, 'YCbCr JPEG'],
    ['jpeg of four bands', { compression: 'jpeg', bandCount: 4 }, 4, 'JPEG'],
    ['webp', { compression: 'webp', bandCount: 3 }, 16, 'WEBP'],
    ['webp without losses', { compression: 'webp', bandCount: 3, level: 100 }, 0, 'WEBP'],
  ] as const)('%s', async (name, options, tolerance, compression) => {
    const path = await write(`${name}.tif`, options);
    await using file = await openRaster(path);
    const read = await file.readWindow();
    let worst = 0;
    for (const [b, band] of read.data.entries()) {
      const due = picture(b);
      for (let i = 0; i < due.length; i++) if (mask[i] === 1) worst = Math.max(worst, Math.abs(band[i]! - due[i]!));
    }
    expect(worst).toBeLessThanOrEqual(tolerance);
    expect(read.mask).toEqual(mask);
    expect(file.overviews[0]).toEqual({ width: 150, height: 105 });
    if (!hasGdal) return;
    const out = join(folder, name);
    const report = JSON.parse(runOracle('check_cog.py', path, out)) as Record<string, unknown>;
    expect(report).toMatchObject({ errors: [], nodata: 'None' });
    expect([true, null]).toContain(report['rasterio']);
    expect(runProgram('gdalinfo', [path])).toContain(`COMPRESSION=${compression}`);
    const { buffer, byteOffset, byteLength } = readFileSync(`${out}.bin`);
    const gdal = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
    let different = 0;
    for (const [b, band] of read.data.entries()) {
      for (let i = 0; i < band.length; i++)
        different = Math.max(different, Math.abs(band[i]! - gdal[b * band.length + i]!));
    }
    // Decoders round differently, and spread halved colour in ways of their own.
    expect(different).toBeLessThanOrEqual(tolerance === 0 ? 0 : 4);
  });

  test('losses are as large as is asked for, and never blur what marks gaps', async () => {
    const sizes = await Promise.all(
      [30, 95].map(
        async (level) => statSync(await write(`${level}.tif`, { compression: 'jpeg', bandCount: 3, level })).size,
      ),
    );
    expect(sizes[1]).toBeGreaterThan(1.5 * sizes[0]!);
    const georeference = {
      crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
      geotransform: [500_000, 10, 0, 4_600_000, 0, -10],
      origin: 'file',
    } as const;
    const input = join(folder, 'nodata.tif');
    const data = picture(0).map((value, i) => (mask[i] === 0 ? 0 : Math.max(1, value)));
    await writeGeoTiff(input, { width, height, dataType: 'uint8', bands: [data], nodata: 0, georeference });
    await using source = await openRaster(input);
    await warp(source, join(folder, 'warped.tif'), { compression: 'jpeg', resampling: 'nearest' });
    await using warped = await openRaster(join(folder, 'warped.tif'));
    expect([warped.maskKind, warped.bands[0]!.nodata]).toEqual(['mask', null]);
    expect((await warped.readWindow()).mask).toEqual(mask);
    await expect(warp(source, join(folder, 'no.tif'), { compression: 'jpeg', nodata: 0 })).rejects.toMatchObject({
      code: 'invalid-option',
    });
  });

  test('what cannot be an image is refused', async () => {
    const one = { width: 16, height: 16, bandCount: 1, dataType: 'uint8' } as const;
    for (const [options, code] of [
      [{ ...one, dataType: 'uint16', compression: 'jpeg' }, 'unsupported-type'],
      [{ ...one, compression: 'webp' }, 'unsupported-compression'],
      [{ ...one, bandCount: 3, rgb: false, compression: 'webp' }, 'unsupported-compression'],
      [{ ...one, compression: 'jpeg', level: 0 }, 'invalid-option'],
      [{ ...one, compression: 'jpeg', colorTable: [[0, 0, 0, 255]] }, 'unsupported-type'],
    ] as const satisfies readonly (readonly [CogOptions, string])[]) {
      await expect(createCog(join(folder, 'refused.tif'), options)).rejects.toMatchObject({ code });
    }
  });
});
