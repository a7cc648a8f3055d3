import { mkdtempSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { affine, applyTransform, invertTransform } from '@tiepoint/geometry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crsFromEpsg } from '../georeference/crs.js';
import { hasGdal, runOracle } from '../gdal.test.support.js';
import { openRaster } from '../formats/open-raster.js';
import { warpFile } from '../open-and-warp.test.support.js';
import type { WarpResampling } from './warp-window.js';
import { writeGeoTiff } from '../formats/geotiff/write/write-geotiff.js';

const folder = mkdtempSync(join(tmpdir(), 'warp-'));
afterAll(() => rm(folder, { recursive: true }));

interface Case {
  readonly name: string;
  readonly source: string;
  readonly epsg: number;
  readonly resolution: number;
  readonly extent: [number, number, number, number];
  readonly resampling: WarpResampling;
  readonly width: number;
  readonly height: number;
  readonly geotransform: number[];
}

describe.skipIf(!hasGdal)('agrees with gdalwarp -et 0', () => {
  let cases: Case[] = [];
  if (hasGdal) {
    runOracle('warp_matrix.py', folder);
    cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as Case[];
  }
  for (const item of cases) {
    test(item.name, async () => {
      const out = join(folder, 'out.tif');
      const result = await warpFile(join(folder, `${item.source}.tif`), out, {
        dstCrs: `EPSG:${item.epsg}`,
        resolution: item.resolution,
        extent: item.extent,
        resampling: item.resampling,
        errorThreshold: 0,
        threads: 0,
        format: 'GTiff',
        compression: 'none',
        overwrite: true,
      });
      expect([result.width, result.height]).toEqual([item.width, item.height]);
      for (const [i, value] of item.geotransform.entries()) {
        expect(result.georeference!.geotransform[i]).toBeCloseTo(value, 9);
      }
      await using file = await openRaster(out);
      const ours = await file.readWindow();
      const { mask } = await file.readPlane({ band: 1 });
      const theirs = new Float64Array(new Uint8Array(readFileSync(join(folder, `${item.name}.bin`))).buffer);
      const theirMask = new Uint8Array(readFileSync(join(folder, `${item.name}.mask`)));
      const pixels = item.width * item.height;
      const float = item.source.startsWith('f');
      let wrong = 0;
      let valid = 0;
      for (const [b, band] of ours.data.entries()) {
        for (let i = 0; i < pixels; i++) {
          const due = theirs[b * pixels + i]!;
          // Without a nodata value gdalwarp leaves 0 where nothing is; no source sample is 0.
          const covered = item.source.includes('nodata') ? theirMask[i]! > 0 : due !== 0;
          if (((mask?.[i] ?? 1) === 1) !== covered) wrong++;
          else if (covered) {
            valid++;
            const difference = Math.abs(band[i]! - due);
            if (float ? difference > 1e-4 * Math.max(1, Math.abs(due)) : difference > 1) wrong++;
          }
        }
      }
      expect(valid).toBeGreaterThan(0.2 * pixels);
      expect(wrong / (ours.data.length * pixels)).toBeLessThanOrEqual(0.001);
    });
  }
});

describe('a warp through a solution', () => {
  const reference = {
    width: 320,
    height: 260,
    georeference: {
      crs: crsFromEpsg(32633, 'projected'),
      geotransform: [500000, 10, 0, 5000000, 0, -10],
      origin: 'file',
    },
  } as const;
  const sensedToReference = affine(1.1, 0.08, 20, -0.05, 0.95, 12);
  const input = join(folder, 'sensed.tif');
  const value = (x: number, y: number, band: number): number => 500 + 2 * x + 3 * y + 1000 * band;

  beforeAll(async () => {
    const bands = [0, 1].map((band) =>
      Uint16Array.from({ length: 240 * 200 }, (_, i) => value((i % 240) + 0.5, Math.floor(i / 240) + 0.5, band)),
    );
    await writeGeoTiff(input, {
      width: 240,
      height: 200,
      bands,
      dataType: 'uint16',
      bandDescriptions: ['red', 'nir'],
    });
  });

  for (const threads of [0, 2]) {
    test(`with ${threads} threads: all bands, type and the reference's georeference; each pixel comes from its place`, async () => {
      const output = join(folder, `solution-${threads}.tif`);
      const seen: number[] = [];
      const result = await warpFile(input, output, {
        sensedToReference,
        reference,
        threads,
        metadata: { TIEPOINT: { verdict: 'accept' } },
        onProgress: ({ fraction }) => seen.push(fraction),
      });
      expect(result).toMatchObject({ width: 320, height: 260, bands: 2, dataType: 'uint16' });
      expect(seen.at(-1)).toBe(1);
      await using file = await openRaster(output);
      expect(file.bands.map((b) => b.name)).toEqual(['red', 'nir']);
      expect(file.metadata['TIEPOINT']).toEqual({ verdict: 'accept' });
      expect(file.georeference?.geotransform).toEqual(reference.georeference.geotransform);
      expect(file.georeference?.crs?.code).toBe('EPSG:32633');
      const { data, mask } = await file.readWindow();
      const back = invertTransform(sensedToReference)!;
      let checked = 0;
      for (let y = 0; y < 260; y++) {
        for (let x = 0; x < 320; x++) {
          const [u, v] = applyTransform(back, Float64Array.of(x + 0.5, y + 0.5)) as unknown as [number, number];
          const inside = u >= 0 && v >= 0 && u <= 240 && v <= 200;
          expect(mask![y * 320 + x] === 1).toBe(inside);
          if (u < 1 || v < 1 || u > 239 || v > 199) continue;
          checked++;
          for (const band of [0, 1]) {
            expect(Math.abs(data[band]![y * 320 + x]! - value(u, v, band))).toBeLessThanOrEqual(1.01);
          }
        }
      }
      expect(checked).toBeGreaterThan(20_000);
    });
  }

  test('threads change nothing', () => {
    expect(
      Buffer.compare(readFileSync(join(folder, 'solution-0.tif')), readFileSync(join(folder, 'solution-2.tif'))),
    ).toBe(0);
  });

  test('no overlap and a cancelled warp are errors, and nothing is left behind', async () => {
    const away = affine(1, 0, 10_000, 0, 1, 10_000);
    const output = join(folder, 'none.tif');
    await expect(warpFile(input, output, { sensedToReference: away, reference })).rejects.toMatchObject({
      code: 'no-overlap',
    });
    const controller = new AbortController();
    const started = warpFile(input, output, {
      sensedToReference,
      reference,
      tileSize: 16,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(started).rejects.toMatchObject({ name: 'AbortError' });
    expect((await readdir(folder)).filter((file) => file.includes('none'))).toEqual([]);
  });

  test('without a georeference or a solution there is nothing to go by', async () => {
    await expect(warpFile(input, join(folder, 'x.tif'), { dstCrs: 'EPSG:4326' })).rejects.toMatchObject({
      code: 'no-georeference',
    });
  });
});

test('through a solution a widened lanczos sits on its point; between grids it does not, as in GDAL', async () => {
  const input = join(folder, 'ramp.tif');
  const geotransform = [500000, 10, 0, 5000000, 0, -10] as const;
  const georeference = { crs: crsFromEpsg(32633, 'projected'), geotransform, origin: 'file' } as const;
  await writeGeoTiff(input, {
    width: 128,
    height: 128,
    bands: [Float32Array.from({ length: 128 * 128 }, (_, i) => (i % 128) + 0.5)],
    dataType: 'float32',
    georeference,
  });
  const half = { ...georeference, geotransform: [500000, 20, 0, 5000000, 0, -20] } as const;
  const grid = { width: 64, height: 64, georeference: half };
  const options = { resampling: 'lanczos', threads: 0, format: 'GTiff', overwrite: true } as const;
  const middle = async (path: string): Promise<number> => {
    await using file = await openRaster(path);
    return (await file.readPlane()).data[32 * 64 + 32]!;
  };
  const [solved, gridded] = [join(folder, 'solved.tif'), join(folder, 'gridded.tif')];
  await warpFile(input, solved, { ...options, sensedToReference: affine(0.5, 0, 0, 0, 0.5, 0), reference: grid });
  await warpFile(input, gridded, { ...options, grid });
  // The ramp's value is its x: the centre of target pixel 32 is x = 65.
  expect(await middle(solved)).toBeCloseTo(65, 4);
  expect(await middle(gridded)).toBeCloseTo(64.5, 4);
});

test('the approximate mapping keeps its promise', async () => {
  const input = join(folder, 'wide.tif');
  const data = Float32Array.from({ length: 500 * 400 }, (_, i) => (i % 500) + 0.5);
  await writeGeoTiff(input, {
    width: 500,
    height: 400,
    bands: [data],
    dataType: 'float32',
    georeference: {
      crs: crsFromEpsg(32633, 'projected'),
      geotransform: [300000, 1000, 0, 5600000, 0, -1000],
      origin: 'file',
    },
  });
  const options = { dstCrs: 'EPSG:3035', threads: 0, format: 'GTiff', compression: 'none' } as const;
  const exact = await warpFile(input, join(folder, 'exact.tif'), { ...options, errorThreshold: 0 });
  const near = await warpFile(input, join(folder, 'near.tif'), options);
  expect(exact.mappingError).toBe(0);
  expect(near.mappingError).toBeGreaterThan(0);
  expect(near.mappingError).toBeLessThanOrEqual(0.125);
  await using a = await openRaster(join(folder, 'exact.tif'));
  await using b = await openRaster(join(folder, 'near.tif'));
  const [pa, pb] = [await a.readPlane(), await b.readPlane()];
  let worst = 0;
  // The samples are their own x, so that a difference is an error of place.
  for (let i = 0; i < pa.data.length; i++) {
    if ((pa.mask?.[i] ?? 1) === 1 && (pb.mask?.[i] ?? 1) === 1)
      worst = Math.max(worst, Math.abs(pa.data[i]! - pb.data[i]!));
  }
  expect(worst).toBeLessThanOrEqual(0.125);
});
