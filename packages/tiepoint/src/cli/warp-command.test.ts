import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TiepointError, translation } from '@tiepoint/geometry';
import { type Georeference, openRaster, overviewResamplings, warpResamplings, writeGeoTiff } from '@tiepoint/raster';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transformToJson } from '../result/transform-json.js';
import { overviewResamplingNames, readCreationOptions } from './outputs/creation-options.js';
import { resamplingNames } from './outputs/image-output-options.js';
import { spawnCli } from './testing/spawn-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-warp-'));
const at = (name: string): string => join(folder, name);

const georeference: Georeference = {
  crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
  geotransform: [500_000, 10, 0, 4_600_000, 0, -10],
  origin: 'file',
};

beforeAll(async () => {
  await writeGeoTiff(at('reference.tif'), {
    width: 60,
    height: 40,
    bands: [new Uint8Array(2400)],
    dataType: 'uint8',
    georeference,
  });
  const pixels = Uint8Array.from({ length: 50 * 30 * 3 }, (_, i) => 50 + (Math.floor(i / 3) % 50) + (i % 3) * 60);
  await sharp(pixels, { raw: { width: 50, height: 30, channels: 3 } })
    .png()
    .toFile(at('sensed.png'));
  const inputs = [{ role: 'reference', source: 'reference.tif', width: 60, height: 40, band: 'luminance' }];
  const solution = {
    version: 1,
    verdict: 'accept',
    reasons: [],
    ...transformToJson(translation(4, 3)),
    provenance: { inputs },
  };
  writeFileSync(at('solution.json'), JSON.stringify(solution));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('tiepoint warp', () => {
  it('lays every band on the grid of the reference that the solution names', async () => {
    const run = await spawnCli([
      'warp',
      at('sensed.png'),
      at('out.tif'),
      '--solution',
      at('solution.json'),
      '-r',
      'near',
      '-co',
      'COMPRESS=LZW',
    ]);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toBe('');
    await using file = await openRaster(at('out.tif'));
    expect([file.width, file.height, file.bands.length]).toEqual([60, 40, 3]);
    expect(file.georeference?.crs?.code).toBe('EPSG:32633');
    expect(file.georeference?.geotransform).toEqual(georeference.geotransform);
    expect(file.compression.toLowerCase()).toContain('lzw');
    const plane = await file.readPlane({ band: 2 });
    // Sensed pixel (10, 5) stands at (14, 8) of the reference; outside the sensed image nothing is valid.
    expect(plane.data[8 * 60 + 14]).toBe(50 + 10 + 60);
    expect(plane.mask![8 * 60 + 14]).toBe(1);
    expect(plane.mask![0]).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes one band where one is asked for, into another coordinate system', async () => {
    const run = await spawnCli([
      'warp',
      at('sensed.png'),
      at('degrees.tif'),
      '--solution',
      at('solution.json'),
      '--band',
      '2',
      '-t_srs',
      'EPSG:4326',
      '--quiet',
    ]);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr).toBe('');
    await using file = await openRaster(at('degrees.tif'));
    expect(file.bands).toHaveLength(1);
    expect(file.georeference?.crs?.code).toBe('EPSG:4326');
  });

  it('lays a product of half the resolution on a reference of half the resolution, by their georeferences', async () => {
    const place = (size: number): Georeference => ({
      ...georeference,
      geotransform: [500_000, size, 0, 4_600_000, 0, -size],
    });
    const folderOf = at('scene');
    mkdirSync(folderOf);
    const write = (
      name: string,
      width: number,
      height: number,
      size: number,
      of: (i: number) => number,
    ): Promise<void> =>
      writeGeoTiff(join(folderOf, name), {
        width,
        height,
        bands: [Uint16Array.from({ length: width * height }, (_, i) => of(i))],
        dataType: 'uint16',
        georeference: place(size),
      });
    await write('reference-10m.tif', 60, 40, 10, () => 1);
    await write('reference-20m.tif', 30, 20, 20, () => 1);
    await write('product-20m.tif', 30, 20, 20, (i) => 100 + (i % 30) + 1000 * Math.floor(i / 30));
    const input = (role: string, source: string) => ({
      role,
      source,
      width: 60,
      height: 40,
      band: 1,
      geotransform: place(10).geotransform,
      crs: 'EPSG:32633',
    });
    const solution = join(folderOf, 'solution.json');
    writeFileSync(
      solution,
      JSON.stringify({
        version: 1,
        verdict: 'accept',
        reasons: [],
        // 8 px of 10 m to the right, 6 down: 4 and 3 px of 20 m.
        ...transformToJson(translation(8, 6)),
        provenance: { inputs: [input('reference', 'reference-10m.tif'), input('sensed', 'sensed-10m.tif')] },
      }),
    );
    const warped = async (name: string, ...more: string[]) => {
      const output = join(folderOf, name);
      const args = ['warp', join(folderOf, 'product-20m.tif'), output, '--solution', solution, '-r', 'near', ...more];
      const run = await spawnCli(args);
      expect(run.status, run.stderr).toBe(0);
      await using file = await openRaster(output);
      const { data } = await file.readPlane({ band: 1 });
      return { width: file.width, geotransform: file.georeference?.geotransform, data };
    };
    const coarse = await warped('coarse.tif', '--reference', join(folderOf, 'reference-20m.tif'));
    expect([coarse.width, coarse.geotransform?.[1]]).toEqual([30, 20]);
    expect(coarse.data[8 * 30 + 14]).toBe(100 + 10 + 5000);
    const fine = await warped('fine.tif');
    expect([fine.width, fine.geotransform?.[1]]).toEqual([60, 10]);
    expect(fine.data[17 * 60 + 29]).toBe(100 + 10 + 5000);
  });

  it('refuses what it cannot do, and leaves nothing behind', async () => {
    writeFileSync(at('there.tif'), 'precious');
    mkdirSync(at('other'));
    await writeGeoTiff(at('other/small.tif'), { width: 5, height: 5, bands: [new Uint8Array(25)], dataType: 'uint8' });
    const before = readdirSync(folder).toSorted();
    const cases: [string[], number, string][] = [
      [[at('sensed.png'), at('there.tif')], 2, 'output-exists'],
      [[at('sensed.png'), at('out.jpg')], 2, 'output-unsupported'],
      [[at('sensed.png'), at('new.tif'), '--co', 'COMPRESS=MAGIC'], 2, 'invalid-option'],
      [[at('sensed.png'), at('new.tif'), '--co', 'MAGIC=YES'], 2, 'invalid-option'],
      [[at('sensed.png'), at('new.tif'), '--band', '9'], 2, 'no-such-band'],
      [[at('missing.png'), at('new.tif')], 3, 'file-not-found'],
      [[at('sensed.png'), at('new.tif'), '--reference', at('missing.tif')], 3, 'file-not-found'],
      [[at('sensed.png'), at('new.tif'), '--reference', at('other/small.tif')], 3, 'reference-mismatch'],
    ];
    for (const [args, status, code] of cases) {
      const run = await spawnCli(['warp', ...args, '--solution', at('solution.json')]);
      expect(run.stderr).toContain(`[${code}]`);
      expect(run.status).toBe(status);
      expect(readdirSync(folder).toSorted()).toEqual(before);
    }
    expect((await spawnCli(['warp', at('sensed.png'), at('new.tif')])).status).toBe(2);
    expect(
      (await spawnCli(['warp', at('sensed.png'), at('new.tif'), '--solution', at('solution.json'), '-r', 'magic']))
        .status,
    ).toBe(2);
  });
});

describe('the names of options', () => {
  it('are those of the warp', () => {
    expect(resamplingNames.filter((name) => name !== 'near')).toEqual(warpResamplings);
  });

  it('are read as GDAL reads its creation options', () => {
    expect(
      readCreationOptions({ COMPRESS: 'ZSTD', LEVEL: '5', PREDICTOR: 'NO', BLOCKSIZE: '256', BIGTIFF: 'YES' }),
    ).toEqual({
      compression: 'zstd',
      level: 5,
      predictor: false,
      tileSize: 256,
      bigTiff: true,
      passedOver: [],
    });
    expect(
      readCreationOptions({ OVERVIEWS: 'NONE', OVERVIEW_RESAMPLING: 'NEAR', NUM_THREADS: '2', TILED: 'YES' }),
    ).toEqual({ overviews: false, overviewResampling: 'nearest', threads: 2, passedOver: ['TILED'] });
    expect(readCreationOptions({ COMPRESS: 'JPEG', QUALITY: '90' })).toEqual({
      compression: 'jpeg',
      level: 90,
      passedOver: [],
    });
    // A quality says nothing to what has no losses.
    expect(readCreationOptions({ COMPRESS: 'LZW', QUALITY: '90' })).toEqual({
      compression: 'lzw',
      passedOver: ['QUALITY'],
    });
    expect(() => readCreationOptions({ COMPRESS: 'LERC_ZSTD' })).toThrow(/can be read, not written/);
    expect(overviewResamplingNames).toEqual(overviewResamplings);
    expect(() => readCreationOptions({ LEVEL: 'x' })).toThrow(TiepointError);
  });
});
