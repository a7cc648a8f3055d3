import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { affine } from '@tiepoint/geometry';
import { afterAll, expect, test } from 'vitest';
import { createCog } from './geotiff/write/create-cog.js';
import { openRaster } from './open-raster.js';
import { warpFile } from '../open-and-warp.test.support.js';
import { writeGeoTiff } from './geotiff/write/write-geotiff.js';

const folder = mkdtempSync(join(tmpdir(), 'odd-'));
afterAll(() => rm(folder, { recursive: true }));

for (const [width, height] of [
  [1, 1],
  [1, 100_000],
  [1, 3000],
  [3000, 1],
] as const) {
  test(`${width}×${height}: read, reduced and enlarged, and where it is small written as a COG and warped`, async () => {
    const samples = Uint16Array.from({ length: width * height }, (_, i) => 7 + (i % 3));
    const [plain, cog, warped] = ['plain', 'cog', 'warped'].map((name) =>
      join(folder, `${name}-${width}-${height}.tif`),
    ) as [string, string, string];
    await writeGeoTiff(plain, { width, height, bands: [samples], dataType: 'uint16' });
    await using file = await openRaster(plain);
    expect((await file.readPlane()).data.length).toBe(width * height);
    const mean = samples.reduce((a, b) => a + b) / samples.length;
    expect((await file.readPlane({ width: 1, height: 1 })).data[0]).toBeCloseTo(mean, 4);
    expect((await file.readPlane({ width: 3, height: 3 })).data.every((v) => v >= 7 && v <= 9)).toBe(true);
    if (width * height > 3000) return;
    await using writer = await createCog(cog, { width, height, bandCount: 1, dataType: 'uint16', tileSize: 64 });
    await writer.write({ rows: height, data: [samples] });
    await writer.finish();
    await using written = await openRaster(cog);
    expect(Buffer.compare(Buffer.from((await written.readWindow()).data[0]!.buffer), Buffer.from(samples.buffer))).toBe(
      0,
    );
    const reference = { width, height, georeference: null };
    const identity = affine(1, 0, 0, 0, 1, 0);
    const options = { sensedToReference: identity, reference, threads: 0, tileSize: 64 };
    const { validFraction } = await warpFile(plain, warped, options);
    expect(validFraction).toBe(1);
  });
}

test('an image without a single valid sample has an empty mask, and cannot be warped', async () => {
  const path = join(folder, 'nan.tif');
  const nothing = new Float32Array(300 * 300).fill(Number.NaN);
  await writeGeoTiff(path, { width: 300, height: 300, bands: [nothing], dataType: 'float32' });
  await using file = await openRaster(path);
  const plane = await file.readPlane({ width: 50 });
  expect(plane.mask!.every((v) => v === 0)).toBe(true);
  expect(plane.data.every((v) => v === 0)).toBe(true);
  const reference = { width: 30, height: 30, georeference: null };
  const options = { sensedToReference: affine(1, 0, 0, 0, 1, 0), reference, threads: 0 };
  await expect(warpFile(path, join(folder, 'no.tif'), options)).rejects.toMatchObject({ code: 'no-overlap' });
});
