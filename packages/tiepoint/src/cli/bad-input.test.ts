import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GeoTiffImage, writeGeoTiff } from '@tiepoint/raster';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blobScene } from './testing/blob-scene.js';
import { type CliRun, spawnCli } from './testing/spawn-cli.js';

const inputs = mkdtempSync(join(tmpdir(), 'tiepoint-bad-inputs-'));
const outputs = mkdtempSync(join(tmpdir(), 'tiepoint-bad-outputs-'));
const side = 192;

const input = (name: string): string => join(inputs, name);
const output = (name = 'out.tif'): string => join(outputs, name);

function image(data: Float32Array, extra: Partial<GeoTiffImage> = {}): GeoTiffImage {
  return { width: side, height: side, bands: [data], dataType: 'float32', ...extra };
}

function at(left: number): Pick<GeoTiffImage, 'georeference'> {
  return {
    georeference: {
      crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
      geotransform: [left, 10, 0, 4_600_000, 0, -10],
      origin: 'file',
    },
  };
}

beforeAll(async () => {
  const picture = blobScene(side, side, 1);
  const shifted = new Float32Array(picture.length);
  for (let i = 0; i < picture.length; i++) shifted[i] = picture[Math.min(picture.length - 1, i + 3 * side + 4)]!;
  const bytes = (data: Float32Array): Buffer =>
    Buffer.from(Uint8Array.from(data, (v) => Math.min(255, Math.max(0, v))));
  const raw = { raw: { width: side, height: side, channels: 1 } } as const;
  await sharp(bytes(picture), raw).png().toFile(input('good.png'));
  await sharp(bytes(shifted), raw).png().toFile(input('sensed.png'));
  await sharp(bytes(shifted), raw).jpeg({ quality: 95 }).toFile(input('truncated.jpg'));
  await writeGeoTiff(input('truncated.tif'), image(shifted));
  for (const name of ['truncated.jpg', 'truncated.tif']) {
    truncateSync(input(name), Math.floor(readFileSync(input(name)).length / 2));
  }
  writeFileSync(input('empty.tif'), '');
  writeFileSync(input('text.tif'), 'This is no image.\n');
  mkdirSync(input('folder.tif'));
  await writeGeoTiff(input('one.tif'), { width: 1, height: 1, bands: [Float32Array.of(1)], dataType: 'float32' });
  await writeGeoTiff(input('constant.tif'), image(new Float32Array(side * side).fill(7)));
  await writeGeoTiff(input('nodata.tif'), image(new Float32Array(side * side).fill(-9999), { nodata: -9999 }));
  await writeGeoTiff(input('nan.tif'), image(new Float32Array(side * side).fill(Number.NaN)));
  await writeGeoTiff(input('line.tif'), {
    width: 100_000,
    height: 1,
    bands: [Float32Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 7) * 100)],
    dataType: 'float32',
  });
  await writeGeoTiff(input('float.tif'), image(shifted));
  await writeGeoTiff(input('here.tif'), image(picture, at(500_000)));
  await writeGeoTiff(input('far.tif'), image(shifted, at(800_000)));
});
afterAll(() => {
  rmSync(inputs, { recursive: true });
  rmSync(outputs, { recursive: true });
});
beforeEach(() => {
  for (const name of readdirSync(outputs)) rmSync(join(outputs, name), { recursive: true });
});

interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly exitCode: number;
  };
}

function errorOf(run: CliRun): ErrorDocument['error'] {
  return (JSON.parse(run.stdout) as ErrorDocument).error;
}

describe('bad input', () => {
  it.each([
    ['a missing file', 'missing.tif', 'file-not-found'],
    ['a truncated JPEG', 'truncated.jpg', 'file-truncated'],
    ['a truncated GeoTIFF', 'truncated.tif', 'file-truncated'],
    ['an empty file', 'empty.tif', 'file-empty'],
    ['a file that is no image', 'text.tif', 'unsupported-format'],
    ['a directory', 'folder.tif', 'unsupported-format'],
    ['an image of one pixel', 'one.tif', 'image-too-small'],
    ['an image of one row', 'line.tif', 'image-too-small'],
    ['a constant image', 'constant.tif', 'no-structure'],
    ['an image of nodata alone', 'nodata.tif', 'no-valid-pixels'],
    ['an image of NaN alone', 'nan.tif', 'no-valid-pixels'],
  ])('%s ends with 3, on either side, and leaves nothing behind', async (_, name, code) => {
    for (const pair of [
      [input('good.png'), input(name)],
      [input(name), input('good.png')],
    ] as const) {
      const run = await spawnCli(['register', ...pair, output(), '--json', '--report', output('r.html')]);
      expect(run.status, run.stderr).toBe(3);
      expect(errorOf(run)).toMatchObject({ code, exitCode: 3 });
      expect(run.stderr).toContain(`[${code}]`);
      expect(run.stderr).not.toMatch(/^ {4}at /m);
      expect(readdirSync(outputs)).toEqual([]);
    }
  });

  it('georeferenced images that do not overlap end with 3', async () => {
    const run = await spawnCli(['register', input('here.tif'), input('far.tif'), output(), '--json']);
    expect(run.status, run.stderr).toBe(3);
    expect(errorOf(run).code).toBe('no-overlap');
    expect(readdirSync(outputs)).toEqual([]);
  });

  it('an output that cannot be written, or exists, ends with 2 before the work begins', async () => {
    const pair = [input('good.png'), input('sensed.png')];
    const nowhere = await spawnCli(['register', ...pair, join(outputs, 'no', 'out.tif'), '--json']);
    expect(nowhere.status).toBe(2);
    expect(errorOf(nowhere).code).toBe('output-unwritable');
    writeFileSync(output(), 'precious');
    const there = await spawnCli(['register', ...pair, output(), '--json']);
    expect(there.status).toBe(2);
    expect(errorOf(there).code).toBe('output-exists');
    expect(readFileSync(output(), 'utf8')).toBe('precious');
    const same = await spawnCli([
      'register',
      input('good.png'),
      input('float.tif'),
      input('float.tif'),
      '--overwrite',
      '--json',
    ]);
    expect(same.status).toBe(2);
    expect(errorOf(same).code).toBe('invalid-option');
  });
});
