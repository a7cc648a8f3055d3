import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { afterAll, expect, test } from 'vitest';
import { writeGeoTiff } from '../geotiff/write/write-geotiff.js';
import { openRaster } from '../open-raster.js';

const folder = mkdtempSync(join(tmpdir(), 'zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file of an archive of several is opened by its path', async () => {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  for (const [i, name] of ['one.tif', 'deep/two.tif'].entries()) {
    const path = join(folder, `${i}.tif`);
    await writeGeoTiff(path, { width: 20 + i, height: 9, dataType: 'uint8', bands: [new Uint8Array((20 + i) * 9)] });
    await writer.add(name, new Uint8ArrayReader(new Uint8Array(readFileSync(path))));
  }
  const path = join(folder, 'many.zip');
  writeFileSync(path, await writer.close());
  for (const name of [`${path}#deep/two.tif`, `/vsizip/${path}/deep/two.tif`]) {
    await using file = await openRaster(name);
    expect([file.width, file.location]).toEqual([21, `${path}#deep/two.tif`]);
  }
  await expect(openRaster(path)).rejects.toMatchObject({ hint: expect.stringContaining(`${path}#one.tif`) });
});
