import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { affine } from '@tiepoint/geometry';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { openRaster } from '../formats/open-raster.js';
import { hasGdal, runPython } from '../gdal.test.support.js';
import { warp } from './warp.js';
import type { WarpOptions } from './warp-into.js';

const folder = mkdtempSync(join(tmpdir(), 'kept-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const make = `
import sys, numpy as np
from osgeo import gdal
folder = sys.argv[1]
rows, columns = np.mgrid[0:120, 0:150]
ds = gdal.GetDriverByName('GTiff').Create(folder + '/classes.tif', 150, 120, 1, gdal.GDT_Byte)
ds.SetGeoTransform((500000, 10, 0, 4500000, 0, -10))
ds.SetProjection('EPSG:32633')
band = ds.GetRasterBand(1)
table = gdal.ColorTable()
for value, colour in ((1, (10, 20, 30)), (11, (200, 0, 0)), (82, (0, 200, 0)), (95, (0, 0, 200))):
    table.SetColorEntry(value, colour + (255,))
band.SetColorTable(table)
band.WriteArray(np.array([1, 11, 82, 95], np.uint8)[(rows // 17 + columns // 13) % 4])
ds = None
ds = gdal.GetDriverByName('GTiff').Create(folder + '/described.tif', 150, 120, 2, gdal.GDT_Float32)
ds.SetGeoTransform((500000, 10, 0, 4500000, 0, -10))
ds.SetMetadataItem('ACQUISITION', '2020-05-06')
ds.SetMetadataItem('SENSOR', 'X & Y', 'IMAGERY')
for i in (1, 2):
    band = ds.GetRasterBand(i)
    band.WriteArray((rows * i + columns).astype(np.float32))
    band.SetDescription('band %d' % i)
    band.SetUnitType('K')
    band.SetMetadataItem('WAVELENGTH', str(500 * i))
    band.ComputeStatistics(False)
ds = None
`;

interface Info {
  readonly bands: readonly {
    readonly description?: string;
    readonly unit?: string;
    readonly colorInterpretation: string;
    readonly colorTable?: { readonly entries: readonly (readonly number[])[] };
    readonly metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
  }[];
  readonly metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function warped(
  name: string,
  output: string,
  options: WarpOptions = {},
): Promise<{ info: Info; warnings: readonly string[] }> {
  await using source = await openRaster(at(name));
  const { width, height, georeference } = source;
  const reference = { width, height, georeference };
  // Turned a little, so that a kernel has something to interpolate.
  const sensedToReference = affine(0.999, 0.04, 1.3, -0.04, 0.999, 2.1);
  const { warnings } = await warp(source, at(output), { sensedToReference, reference, ...options });
  return {
    info: JSON.parse(execFileSync('gdalinfo', ['-json', '-mdd', 'all', at(output)], { encoding: 'utf8' })) as Info,
    warnings,
  };
}

async function valuesOf(name: string): Promise<Set<number>> {
  await using file = await openRaster(at(name));
  const { data, mask } = await file.readWindow();
  return new Set(Array.from(data[0]!).filter((_, i) => (mask?.[i] ?? 1) === 1));
}

describe.skipIf(!hasGdal)('what is known of an image', () => {
  if (hasGdal) runPython(make, folder);

  test('a palette stays: values by the nearest sample, colours in the table', async () => {
    const { info, warnings } = await warped('classes.tif', 'palette.tif');
    expect(await valuesOf('palette.tif')).toEqual(new Set([1, 11, 82, 95]));
    expect(info.bands[0]!.colorInterpretation).toBe('Palette');
    const { entries } = info.bands[0]!.colorTable!;
    expect([entries[1], entries[11], entries[95]]).toEqual([
      [10, 20, 30, 255],
      [200, 0, 0, 255],
      [0, 0, 200, 255],
    ]);
    expect(warnings).toEqual([]);
  });

  test('a palette that is interpolated on demand is said to be, and has no colours', async () => {
    const { info, warnings } = await warped('classes.tif', 'mixed.tif', { resampling: 'bilinear' });
    expect((await valuesOf('mixed.tif')).size).toBeGreaterThan(10);
    expect(info.bands[0]!.colorInterpretation).toBe('Gray');
    expect(warnings).toEqual([expect.stringContaining('classes')]);
  });

  test('descriptions, units and metadata stay, statistics do not', async () => {
    const { info } = await warped('described.tif', 'described-warped.tif');
    expect(info.bands.map(({ description, unit }) => [description, unit])).toEqual([
      ['band 1', 'K'],
      ['band 2', 'K'],
    ]);
    expect(info.bands[1]!.metadata['']).toEqual({ WAVELENGTH: '1000' });
    expect(info.metadata['']).toMatchObject({ ACQUISITION: '2020-05-06' });
    expect(info.metadata['IMAGERY']).toEqual({ SENSOR: 'X & Y' });
  });

  test('a colour profile changes no sample', async () => {
    const pixels = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * 37) % 251);
    const image = sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } });
    await image.withIccProfile('p3').png().toFile(at('profile.png'));
    const gdal = runPython(
      'import sys; from osgeo import gdal; print(gdal.Open(sys.argv[1]).ReadAsArray().tobytes().hex())',
      at('profile.png'),
    ).trim();
    await using file = await openRaster(at('profile.png'));
    const read = await file.readWindow();
    expect(Buffer.concat(read.data.map((band) => Buffer.from(band.buffer))).toString('hex')).toBe(gdal);
  });
});
