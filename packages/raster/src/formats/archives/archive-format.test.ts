import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { afterAll, expect, test } from 'vitest';
import { writeGeoTiff } from '../geotiff/write/write-geotiff.js';
import { hasGdal, runPython } from '../../gdal.test.support.js';
import { openRaster } from '../open-raster.js';
import { tarOf } from './tar.test.support.js';

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

test.skipIf(!hasGdal).each(['USTAR', 'GNU', 'PAX'])('tar archives of the kind %s, with long paths', async (kind) => {
  const path = join(folder, `${kind}.tar`);
  const deep = `${'folder-of-many-letters/'.repeat(kind === 'USTAR' ? 5 : 9)}two.tif`;
  const one = join(folder, `${kind}.tif`);
  await writeGeoTiff(one, { width: 33, height: 9, dataType: 'uint8', bands: [new Uint8Array(33 * 9).fill(5)] });
  runPython(
    `import sys, tarfile
with tarfile.open(sys.argv[2], "w", format=tarfile.${kind}_FORMAT) as out:
    for name in ("./one.tif", sys.argv[3]):
        out.add(sys.argv[1], name)`,
    one,
    path,
    deep,
  );
  for (const name of [`${path}#one.tif`, `${path}#${deep}`, `/vsitar/${path}/${deep}`]) {
    await using file = await openRaster(name);
    expect(file.width).toBe(33);
    expect((await file.readWindow()).data[0]!.every((value) => value === 5)).toBe(true);
  }
  // GDAL does not know PAX's long paths.
  if (kind !== 'PAX') {
    const read = 'import sys; from osgeo import gdal; print(gdal.Open(sys.argv[1]).RasterXSize)';
    expect(runPython(read, `/vsitar/${path}/${deep}`).trim()).toBe('33');
  }
  await expect(openRaster(path)).rejects.toMatchObject({ hint: expect.stringContaining(`${path}#one.tif`) });
});

test('damaged and compressed archives say so', async () => {
  const bytes = tarOf({ 'a.tif': new Uint8Array(700), 'b.tif': new Uint8Array(10) });
  await expect(openRaster(bytes.slice(0, 900))).rejects.toMatchObject({ code: 'file-corrupt' });
  await expect(openRaster(new Uint8Array(gzipSync(bytes)))).rejects.toMatchObject({
    code: 'unsupported-format',
    hint: expect.stringContaining('tar -xzf'),
  });
});
