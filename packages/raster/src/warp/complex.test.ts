import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { translation } from '@tiepoint/geometry';
import { afterAll, describe, expect, test } from 'vitest';
import { openRaster } from '../formats/open-raster.js';
import { hasGdal, runOracle } from '../gdal.test.support.js';
import { writeGeoreferencedCopy } from './georeferenced-copy.js';
import { warp } from './warp.js';

interface Comparison {
  readonly type: string;
  readonly bands: number;
  readonly real: number;
  readonly imaginary: number;
  readonly covered: number;
  readonly coveredByGdal: number;
}

const folder = hasGdal ? mkdtempSync(join(tmpdir(), 'complex-')) : '';
afterAll(() => (folder ? rm(folder, { recursive: true }) : undefined));
const at = (name: string): string => join(folder, name);
/** Half a pixel and more off, and over the edge. */
const extent = [499_973, 4_498_866, 501_473, 4_499_966] as const;

describe.skipIf(!hasGdal)('complex images are warped as complex, as by GDAL', () => {
  if (hasGdal) runOracle('complex.py', 'make', folder);

  const cases = [
    ['cfloat32.tif', 'CFloat32', 'bilinear', 1e-3],
    ['cfloat32.tif', 'CFloat32', 'cubic', 1e-3],
    ['cfloat32.tif', 'CFloat32', 'nearest', 0],
    // GDAL rounds each part of a complex integer as this does.
    ['cint16.tif', 'CInt16', 'bilinear', 1],
    ['cfloat64.tif', 'CFloat64', 'lanczos', 1e-3],
    ['pixel.tif', 'CFloat32', 'bilinear', 1e-3],
    ['planes.tif', 'CFloat32', 'bilinear', 1e-3],
    ['envi.slc', 'CFloat32', 'cubic', 1e-3],
  ] as const;
  test.each(cases)('%s (%s) by %s', async (name, type, resampling, tolerance) => {
    await using file = await openRaster(at(name));
    expect(file.hasParts).toBe(true);
    const output = at(`${name}-${resampling}-out.tif`);
    const { nodata, warnings, dataType } = await warp(file, output, {
      dstCrs: 'EPSG:32633',
      extent,
      resolution: 10,
      resampling,
      errorThreshold: 0,
      threads: 0,
    });
    expect([nodata, warnings, dataType]).toEqual([null, [], type.toLowerCase()]);
    const method = resampling === 'nearest' ? 'near' : resampling;
    const answer = runOracle('complex.py', 'compare', at(name), output, ...extent.map(String), method);
    const found = JSON.parse(answer) as Comparison;
    expect([found.type, found.bands]).toEqual([type, file.bands.length]);
    expect(Math.max(found.real, found.imaginary)).toBeLessThanOrEqual(tolerance);
    expect(found.covered).toBeCloseTo(found.coveredByGdal, 2);
  });

  test('a copy with another geotransform keeps every sample', async () => {
    await using file = await openRaster(at('pixel.tif'));
    const output = at('copy.tif');
    await writeGeoreferencedCopy(at('pixel.tif'), output, { sensedToReference: translation(3, -2), reference: file });
    await using copy = await openRaster(output);
    expect(copy.bands.map(({ dataType }) => dataType)).toEqual(['cfloat32', 'cfloat32']);
    const read = await copy.readWindow({ complex: 'parts' });
    expect(read.data).toEqual((await file.readWindow({ complex: 'parts' })).data);
  });

  test('what complex samples cannot have is an error or said', async () => {
    await using file = await openRaster(at('cint16.tif'));
    const shape = { dstCrs: 'EPSG:32633', extent, resolution: 10, threads: 0 } as const;
    await expect(warp(file, at('no.tif'), { ...shape, nodata: 0 })).rejects.toMatchObject({ code: 'invalid-option' });
    // Where the parts cannot be had.
    const { warnings, dataType } = await warp({ ...file, hasParts: false }, at('magnitude.tif'), shape);
    expect(dataType).toBe('float32');
    expect(warnings.join()).toMatch(/written as their magnitude/);
    await using plain = await openRaster(at('magnitude.tif'));
    await expect(plain.readWindow({ complex: 'parts' })).rejects.toMatchObject({ code: 'unsupported-type' });
  });
});
