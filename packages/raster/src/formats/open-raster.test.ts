import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crsFromEpsg } from '../georeference/crs.js';
import type { DataType } from './data-type.js';
import { openRaster } from './open-raster.js';
import { writeGeoTiff } from './geotiff/write/write-geotiff.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'raster-'));
});
afterAll(() => rm(folder, { recursive: true }));

const georeference = {
  crs: crsFromEpsg(32633, 'projected', 'WGS 84 / UTM zone 33N'),
  geotransform: [500000, 10, 0, 5000000, 0, -10],
  origin: 'file',
} as const;

/** Whole numbers every type can hold, smooth enough for predictors to matter. */
function pattern(width: number, height: number, seed: number): Float64Array {
  return Float64Array.from({ length: width * height }, (_, i) =>
    Math.round(60 + 50 * Math.sin(i * 0.013 * (seed + 1)) + (i % 7)),
  );
}

describe('what is written is read back', () => {
  const types: DataType[] = [
    'uint8',
    'int8',
    'uint16',
    'int16',
    'uint32',
    'int32',
    'uint64',
    'int64',
    'float16',
    'float32',
    'float64',
  ];
  for (const dataType of types) {
    test(dataType, async () => {
      const bands = [0, 1, 2].map((seed) => pattern(300, 270, seed));
      for (const compression of ['none', 'deflate', 'lzw'] as const) {
        for (const interleave of ['pixel', 'band'] as const) {
          const path = join(folder, `${dataType}-${compression}-${interleave}.tif`);
          await writeGeoTiff(path, { width: 300, height: 270, bands, dataType, compression, interleave, georeference });
          await using file = await openRaster(path);
          expect(file.bands.map((b) => b.dataType)).toEqual([dataType, dataType, dataType]);
          expect(file.georeference?.geotransform).toEqual(georeference.geotransform);
          expect(file.georeference?.crs?.code).toBe('EPSG:32633');
          const window = { x: 31, y: 17, width: 251, height: 244 };
          const read = await file.readWindow({ bands: [3, 1], window });
          for (const [slot, band] of [2, 0].entries()) {
            for (let y = 0; y < window.height; y++) {
              const from = (y + window.y) * 300 + window.x;
              const written = bands[band]!.subarray(from, from + 251);
              const row = read.data[slot]!.subarray(y * 251, (y + 1) * 251);
              expect(written.every((value, x) => value === row[x])).toBe(true);
            }
          }
        }
      }
    });
  }
});

test('ZSTD is written where the platform has it, and is a coded error elsewhere', async () => {
  const bands = [pattern(300, 270, 1)];
  const path = join(folder, 'zstd.tif');
  const writing = writeGeoTiff(path, { width: 300, height: 270, bands, dataType: 'uint16', compression: 'zstd' });
  if ('zstdCompress' in zlib) {
    await writing;
    await using file = await openRaster(path);
    expect(file.compression).toBe('zstd');
    const read = (await file.readWindow()).data[0]!;
    expect(bands[0]!.every((value, i) => value === read[i])).toBe(true);
  } else {
    await expect(writing).rejects.toMatchObject({ code: 'unsupported-compression' });
  }
});

test('a mask becomes a mask band, or nodata where there is a nodata value, and no valid sample becomes nodata', async () => {
  const data = Uint8Array.from({ length: 64 * 64 }, (_, i) => i % 5);
  const validity = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 3 === 0 ? 0 : 1));
  const image = { width: 64, height: 64, bands: [data], dataType: 'uint8', validity } as const;
  await writeGeoTiff(join(folder, 'mask.tif'), image);
  await writeGeoTiff(join(folder, 'nodata.tif'), { ...image, nodata: 2 });
  await using masked = await openRaster(join(folder, 'mask.tif'));
  await using marked = await openRaster(join(folder, 'nodata.tif'));
  expect([masked.maskKind, marked.maskKind]).toEqual(['mask', 'nodata']);
  expect((await masked.readPlane()).mask).toEqual(validity);
  expect((await marked.readPlane()).mask).toEqual(validity);
  const samples = (await marked.readWindow()).data[0]!;
  for (let i = 0; i < data.length; i++) {
    if (validity[i] && data[i] === 2) expect(samples[i]).toBe(1);
  }
});

test('NaN is nodata, and what is invalid is finite in a plane', async () => {
  const data = Float32Array.from({ length: 256 }, (_, i) => (i % 4 === 0 ? Number.NaN : i));
  const path = join(folder, 'nan.tif');
  await writeGeoTiff(path, { width: 16, height: 16, bands: [data], dataType: 'float32' });
  await using file = await openRaster(path);
  const plane = await file.readPlane();
  expect(Array.from(plane.mask!)).toEqual(Array.from(data, (v) => (Number.isNaN(v) ? 0 : 1)));
  expect(plane.data.every(Number.isFinite)).toBe(true);
});

test('a smaller plane is the mean of what each pixel covers', async () => {
  const data = pattern(120, 90, 1);
  const path = join(folder, 'mean.tif');
  await writeGeoTiff(path, { width: 120, height: 90, bands: [data], dataType: 'float32' });
  await using file = await openRaster(path);
  const plane = await file.readPlane({ window: { x: 12, y: 10, width: 100, height: 75 }, width: 40 });
  expect([plane.width, plane.height]).toEqual([40, 30]);
  // Each pixel covers 2.5 × 2.5: whole ones weigh 1, halves a half.
  let sum = 0;
  for (let y = 0; y < 75; y++) for (let x = 0; x < 100; x++) sum += data[(y + 10) * 120 + x + 12]!;
  expect(plane.data.reduce((a, b) => a + b) / 1200).toBeCloseTo(sum / 7500, 4);
  let first = 0;
  for (const [y, wy] of [1, 1, 0.5].entries()) {
    for (const [x, wx] of [1, 1, 0.5].entries()) first += wy * wx * data[(y + 10) * 120 + x + 12]!;
  }
  expect(plane.data[0]).toBeCloseTo(first / 6.25, 4);
});

test('PNG of 16 bits, JPEG and WebP are read; alpha is the mask', async () => {
  const wide = Uint16Array.from({ length: 64 * 48 }, (_, i) => i * 20);
  const raw = { width: 64, height: 48 };
  await sharp(wide, { raw: { ...raw, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toFile(join(folder, 'wide.png'));
  await using png = await openRaster(join(folder, 'wide.png'));
  expect(png.bands).toMatchObject([{ dataType: 'uint16', colorInterpretation: 'gray' }]);
  expect(Array.from((await png.readWindow()).data[0]!)).toEqual(Array.from(wide));
  // A later window is cut out of pixels that were kept.
  const part = (await png.readWindow({ window: { x: 5, y: 7, width: 3, height: 2 } })).data[0]!;
  expect(Array.from(part)).toEqual(
    [5, 6, 7].map((x) => wide[7 * 64 + x]).concat([5, 6, 7].map((x) => wide[8 * 64 + x])),
  );

  const rgba = Uint8Array.from({ length: 64 * 48 * 4 }, (_, i) => (i % 4 === 3 ? (i % 8 === 3 ? 0 : 255) : 77));
  const webp = await sharp(rgba, { raw: { ...raw, channels: 4 } })
    .webp({ lossless: true })
    .toBuffer();
  await using transparent = await openRaster(new Uint8Array(webp));
  expect(transparent.maskKind).toBe('alpha');
  const plane = await transparent.readPlane();
  expect(Array.from(plane.mask!.subarray(0, 4))).toEqual([0, 1, 0, 1]);
  expect(plane.data[1]).toBeCloseTo(77, 3);

  const jpeg = await sharp(rgba, { raw: { ...raw, channels: 4 } })
    .removeAlpha()
    .jpeg()
    .toBuffer();
  await using lossy = await openRaster(new Blob([new Uint8Array(jpeg)]));
  expect([lossy.format, lossy.bands.length]).toEqual(['JPEG', 3]);
});

describe('bad input is an error with a code and a hint', () => {
  const codeOf = async (source: string | Uint8Array): Promise<[string, boolean]> => {
    try {
      await using file = await openRaster(source);
      await file.readWindow();
    } catch (error) {
      return [Reflect.get(Object(error), 'code') as string, Boolean(Reflect.get(Object(error), 'hint'))];
    }
    return ['none', false];
  };

  test('missing, empty, a directory, not an image', async () => {
    await writeFile(join(folder, 'empty.tif'), '');
    await writeFile(join(folder, 'text.tif'), 'this is not an image at all');
    expect(await codeOf(join(folder, 'nothing.tif'))).toEqual(['file-not-found', true]);
    expect(await codeOf(join(folder, 'empty.tif'))).toEqual(['file-empty', true]);
    expect(await codeOf(folder)).toEqual(['unsupported-format', true]);
    expect(await codeOf(join(folder, 'text.tif'))).toEqual(['unsupported-format', true]);
  });

  test('truncated at any length', async () => {
    const path = join(folder, 'whole.tif');
    const bands = [pattern(100, 100, 2)];
    await writeGeoTiff(path, { width: 100, height: 100, bands, dataType: 'uint16', georeference });
    const whole = new Uint8Array(await readFile(path));
    for (let length = 1; length < whole.length - 8; length += Math.ceil(whole.length / 60)) {
      expect(['file-truncated', 'file-corrupt', 'unsupported-format']).toContain(
        (await codeOf(whole.subarray(0, length)))[0],
      );
    }
    const png = await sharp(new Uint8Array(90_000), { raw: { width: 300, height: 300, channels: 1 } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    expect(await codeOf(new Uint8Array(png.subarray(0, png.length / 2)))).toEqual(['file-truncated', true]);
  });

  test('a header that claims more than the file holds allocates nothing of that size', async () => {
    const path = join(folder, 'claim.tif');
    await writeGeoTiff(path, { width: 64, height: 64, bands: [pattern(64, 64, 0)], dataType: 'uint8', tileSize: 64 });
    const bytes = new Uint8Array(await readFile(path));
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(4, true);
    for (let i = 0; i < view.getUint16(directory, true); i++) {
      const at = directory + 2 + i * 12;
      // Width, height and the tile's size become 65,520.
      if ([256, 257, 322, 323].includes(view.getUint16(at, true))) view.setUint16(at + 8, 65520, true);
    }
    const before = process.memoryUsage().arrayBuffers;
    expect(['file-corrupt', 'image-too-large']).toContain((await codeOf(bytes))[0]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('an existing output is kept, an unwritable one is named, and no temporary stays behind', async () => {
    const image = { width: 16, height: 16, bands: [new Uint8Array(256)], dataType: 'uint8' } as const;
    const path = join(folder, 'kept.tif');
    await writeFile(path, 'precious');
    await expect(writeGeoTiff(path, image)).rejects.toMatchObject({ code: 'output-exists' });
    expect(await readFile(path, 'utf8')).toBe('precious');
    await expect(writeGeoTiff(join(folder, 'no/such/x.tif'), image)).rejects.toMatchObject({
      code: 'output-unwritable',
    });
    await writeGeoTiff(path, { ...image, overwrite: true });
    await expect(
      writeGeoTiff(join(folder, 'short.tif'), { ...image, height: 17, bands: [new Uint8Array(16 * 17)], tileSize: 17 }),
    ).rejects.toMatchObject({ code: 'invalid-option' });
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
