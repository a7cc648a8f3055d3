import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openRaster } from '../formats/open-raster.js';
import { hasGdal, runProgram, runPython } from '../gdal.test.support.js';
import { warp } from './warp.js';
import type { WarpOptions } from './warp-into.js';

const folder = mkdtempSync(join(tmpdir(), 'target-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const make = `
import sys, numpy as np
from osgeo import gdal
ds = gdal.GetDriverByName('GTiff').Create(sys.argv[1], 90, 70, 1, gdal.GDT_Int16)
ds.SetGeoTransform((500003, 10, 0, 4500007, 0, -10))
ds.SetProjection('EPSG:32633')
rows, columns = np.mgrid[0:70, 0:90]
samples = (rows * 3 + columns).astype(np.int16)
samples[20:40, 30:50] = -1
ds.GetRasterBand(1).WriteArray(samples)
`;

/** Samples and geotransform that GDAL reads. */
function seen(name: string): { geotransform: number[]; samples: number[]; nodata: number | null } {
  const code = `
import sys, json
from osgeo import gdal
ds = gdal.Open(sys.argv[1])
band = ds.GetRasterBand(1)
print(json.dumps({'geotransform': ds.GetGeoTransform(), 'samples': band.ReadAsArray().flatten().tolist(), 'nodata': band.GetNoDataValue()}))
`;
  return JSON.parse(runPython(code, at(name))) as { geotransform: number[]; samples: number[]; nodata: number | null };
}

describe.skipIf(!hasGdal)('grids and nodata as gdalwarp has them', () => {
  if (hasGdal) runPython(make, at('source.tif'));
  for (const [name, args, options] of [
    ['tr-tap', ['-tr', '20', '20', '-tap'], { resolution: 20, alignedPixels: true }],
    [
      'te',
      ['-tr', '10', '10', '-te', '500100', '4499500', '500500', '4499900'],
      { resolution: 10, extent: [500100, 4499500, 500500, 4499900] },
    ],
    [
      'srcnodata',
      ['-tr', '10', '10', '-srcnodata', '-1', '-dstnodata', '-99'],
      { resolution: 10, sourceNodata: -1, nodata: -99 },
    ],
  ] as const satisfies readonly (readonly [string, readonly string[], WarpOptions])[]) {
    test(name, async () => {
      runProgram('gdalwarp', ['-q', '-r', 'near', ...args, at('source.tif'), at(`${name}-gdal.tif`)]);
      await using source = await openRaster(at('source.tif'));
      await warp(source, at(`${name}.tif`), { ...options, resampling: 'nearest', threads: 0 });
      const [ours, gdal] = [seen(`${name}.tif`), seen(`${name}-gdal.tif`)];
      expect(ours.geotransform).toEqual(gdal.geotransform.map((v) => expect.closeTo(v, 6)));
      expect(ours.samples).toEqual(gdal.samples);
      if (name === 'srcnodata') expect(ours.nodata).toBe(-99);
    });
  }
});
