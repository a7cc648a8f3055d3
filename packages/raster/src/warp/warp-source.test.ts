import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openRaster, warp, writeGeoTiff, writeWarpedVrt } from '../index.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-warp-source-'));
afterAll(() => rmSync(folder, { recursive: true }));

const side = 40;
const data = Uint8Array.from({ length: side * side }, (_, i) => 20 + (i % 200));
const options = {
  sensedToReference: { model: 'affine', matrix: [1, 0, 3, 0, 1, 2, 0, 0, 1] },
  reference: { width: side, height: side, georeference: null },
  format: 'GTiff',
} as const;

test('a file in memory is warped as the same file on disk', async () => {
  const path = join(folder, 'source.tif');
  await writeGeoTiff(path, { width: side, height: side, bands: [data], dataType: 'uint8', georeference: null });
  await using disk = await openRaster(path);
  await using memory = await openRaster(readFileSync(path));
  expect([disk.location, memory.location]).toEqual([path, null]);
  const outputs = [join(folder, 'a.tif'), join(folder, 'b.tif')] as const;
  await warp(disk, outputs[0], { ...options, threads: 2 });
  await warp(memory, outputs[1], { ...options, threads: 2 });
  expect(readFileSync(outputs[1])).toEqual(readFileSync(outputs[0]));
  // A VRT names its image, which bytes have no name for.
  const { sensedToReference, reference } = options;
  await expect(writeWarpedVrt(memory, join(folder, 'c.vrt'), { sensedToReference, reference })).rejects.toMatchObject({
    code: 'output-unsupported',
  });
});
