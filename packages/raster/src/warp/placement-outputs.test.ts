import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { affine, projective, type Transform } from '@tiepoint/geometry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crsFromEpsg } from '../georeference/crs.js';
import { hasGdal, runProgram } from '../gdal.test.support.js';
import { writeGeoreferencedCopy } from './georeferenced-copy.js';
import { openRaster } from '../formats/open-raster.js';
import { warpFile, warpFileToVrt } from '../open-and-warp.test.support.js';
import { writeGeoTiff } from '../formats/geotiff/write/write-geotiff.js';

const folder = mkdtempSync(join(tmpdir(), 'placement-'));
afterAll(() => rm(folder, { recursive: true }));

const input = join(folder, 'sensed.tif');
const reference = {
  width: 200,
  height: 180,
  georeference: {
    crs: crsFromEpsg(32633, 'projected'),
    geotransform: [500000, 10, 0, 5000000, 0, -10],
    origin: 'file',
  },
} as const;
const turned = affine(0.98, 0.05, 12, -0.05, 0.98, 20);

beforeAll(async () => {
  const data = Uint8Array.from({ length: 160 * 150 }, (_, i) => 40 + 0.5 * (i % 160) + 0.7 * Math.floor(i / 160));
  await writeGeoTiff(input, { width: 160, height: 150, bands: [data], dataType: 'uint8', nodata: 0 });
});

async function compare(a: string, b: string): Promise<{ both: number; worst: number; onlyOne: number }> {
  await using first = await openRaster(a);
  await using second = await openRaster(b);
  const [p, q] = [await first.readPlane(), await second.readPlane()];
  expect([p.width, p.height]).toEqual([q.width, q.height]);
  let [both, worst, onlyOne] = [0, 0, 0];
  for (let i = 0; i < p.data.length; i++) {
    const [m, n] = [p.mask?.[i] ?? 1, q.mask?.[i] ?? 1];
    if (m !== n) onlyOne++;
    else if (m) {
      both++;
      worst = Math.max(worst, Math.abs(p.data[i]! - q.data[i]!));
    }
  }
  return { both, worst, onlyOne };
}

describe.skipIf(!hasGdal)('GDAL makes of it what our own warp makes', () => {
  const models: [string, Transform][] = [
    ['affine', turned],
    ['projective', projective([0.98, 0.05, 12, -0.05, 0.98, 20, 1e-4, -5e-5, 1])],
  ];
  for (const [name, sensedToReference] of models) {
    test(`a lazily warped VRT, ${name}`, async () => {
      const vrt = join(folder, `${name}.vrt`);
      await warpFileToVrt(input, vrt, { sensedToReference, reference });
      const theirs = join(folder, `${name}-gdal.tif`);
      runProgram('gdal_translate', ['-q', vrt, theirs]);
      const ours = join(folder, `${name}-own.tif`);
      await warpFile(input, ours, { sensedToReference, reference, threads: 0 });
      const { both, worst, onlyOne } = await compare(theirs, ours);
      expect(both).toBeGreaterThan(18_000);
      expect(worst).toBeLessThanOrEqual(1);
      // The outermost pixels, whose centres lie on the edge.
      expect(onlyOne).toBeLessThan(150);
    });
  }

  test('a copy whose geotransform says it all', async () => {
    const copy = join(folder, 'copy.tif');
    await writeGeoreferencedCopy(input, copy, { sensedToReference: turned, reference });
    const theirs = join(folder, 'copy-warped.tif');
    const extent = ['500000', String(5000000 - 1800), '502000', '5000000'];
    runProgram('gdalwarp', ['-q', '-r', 'bilinear', '-et', '0', '-tr', '10', '10', '-te', ...extent, copy, theirs]);
    const { both, worst } = await compare(theirs, join(folder, 'affine-own.tif'));
    expect(both).toBeGreaterThan(18_000);
    expect(worst).toBeLessThanOrEqual(1);
  });
});

test('a copy keeps every sample', async () => {
  const copy = join(folder, 'exact.tif');
  const { geotransform } = await writeGeoreferencedCopy(input, copy, { sensedToReference: turned, reference });
  await using a = await openRaster(input);
  await using b = await openRaster(copy);
  expect(
    Buffer.compare((await a.readWindow()).data[0] as Uint8Array, (await b.readWindow()).data[0] as Uint8Array),
  ).toBe(0);
  expect(b.georeference?.geotransform).toEqual(geotransform);
  expect(geotransform[0]).toBeCloseTo(500120, 9);
  expect(geotransform[2]).toBeCloseTo(0.5, 9);
});

test('only an affine solution is a geotransform', async () => {
  const sensedToReference = projective([1, 0, 0, 0, 1, 0, 1e-4, 0, 1]);
  await expect(
    writeGeoreferencedCopy(input, join(folder, 'no.tif'), { sensedToReference, reference }),
  ).rejects.toMatchObject({ code: 'not-affine' });
});
