import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasGdal, runOracle } from '../gdal.test.support.js';
import { transformerBetween } from '../georeference/crs-transformer.js';
import { bandNumber } from './band-name.js';
import { openRaster } from './open-raster.js';
import { bandValidity } from './validity.js';

interface Kind {
  /** What is opened, and what GDAL opened. */
  readonly name: string;
  readonly due: string;
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly tolerance: number;
  readonly geotransform: readonly number[];
  readonly names: readonly string[];
  readonly gcps: number;
  readonly code: string | null;
  /** An eighth of its size, by averages. */
  readonly reduced?: readonly number[];
}

const folder = hasGdal ? mkdtempSync(join(tmpdir(), 'virtual-')) : '';
afterAll(() => (folder ? rm(folder, { recursive: true }) : undefined));

function bytesOf(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

describe.skipIf(!hasGdal)('ENVI and VRT read as GDAL reads them', () => {
  let kinds: Kind[] = [];
  if (hasGdal) {
    runOracle('virtual.py', folder);
    kinds = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Kind[];
  }

  for (const item of kinds) {
    test(`${item.kind} (${item.name})`, async () => {
      await using file = await openRaster(join(folder, item.name));
      const { width, height } = item;
      const samples = new Float64Array(bytesOf(join(folder, `${item.due}.bin`)));
      const masks = new Uint8Array(bytesOf(join(folder, `${item.due}.mask`)));
      expect([file.width, file.height, file.bands.length]).toEqual([width, height, item.bands]);
      expect(file.bands.map(({ name }) => name ?? '')).toEqual(item.names);
      expect(file.georeference?.gcps?.length ?? 0).toBe(item.gcps);
      if (item.gcps === 0) {
        const due = item.geotransform.map((v) => expect.closeTo(v, 6));
        expect(file.georeference?.geotransform ?? [0, 1, 0, 0, 0, 1]).toEqual(due);
      }
      if (item.code !== null) {
        // ESRI's WKT names no code: it must mean the same.
        const crs = file.georeference!.crs!;
        const named = { name: '', code: `EPSG:${item.code}`, definition: null, kind: crs.kind };
        const place = Float64Array.of(...(crs.kind === 'geographic' ? [12.5, 45.5] : [500_100, 4_499_900]));
        const moved = place.slice();
        (await transformerBetween(crs, named)).forward(moved);
        expect(Math.hypot(moved[0]! - place[0]!, moved[1]! - place[1]!)).toBeLessThan(1e-3);
      }
      const inner = { x: 13, y: 21, width: width - 30, height: height - 40 };
      for (const window of [{ x: 0, y: 0, width, height }, inner]) {
        const read = await file.readWindow({ window, bands: file.bands.map(({ index }) => index) });
        for (const [b, data] of read.data.entries()) {
          const info = file.bands[b]!;
          const valid = bandValidity(data, info.dataType, info.nodata, read.mask ?? null);
          let [worst, wrong] = [0, 0];
          for (let i = 0; i < data.length; i++) {
            const [x, y] = [window.x + (i % window.width), window.y + Math.floor(i / window.width)];
            const at = (b * height + y) * width + x;
            worst = Math.max(worst, Math.abs(data[i]! - samples[at]!));
            const isAlpha = info.colorInterpretation === 'alpha';
            if (!isAlpha && (valid?.[i] ?? 1) !== (masks[at] === 0 ? 0 : 1)) wrong++;
          }
          expect(worst, `band ${b + 1}`).toBeLessThanOrEqual(item.tolerance);
          expect(wrong, `validity of band ${b + 1}`).toBe(0);
        }
      }
      if (item.reduced) {
        const size = { width: Math.floor(width / 8), height: Math.floor(height / 8) };
        const plane = await file.readPlane({ band: 1, ...size });
        const differences = Array.from(plane.data, (value, i) =>
          plane.mask?.[i] === 0 ? 0 : Math.abs(value - item.reduced![i]!),
        );
        expect(differences.reduce((sum, v) => sum + v, 0) / differences.length).toBeLessThan(1.5);
      }
    });
  }

  test('bands go by their names', async () => {
    await using file = await openRaster(join(folder, 'envi-BIL.img'));
    expect([bandNumber(file, 'B04'), bandNumber(file, 'b4'), bandNumber(file, 2)]).toEqual([3, 3, 2]);
    expect(() => bandNumber(file, 'B08')).toThrow(/no band is called "B08"/);
  });

  test('what a VRT cannot do is an error that says so', async () => {
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const vrt = (band: string, more = ''): string =>
      `<VRTDataset rasterXSize="20" rasterYSize="20"${more}><VRTRasterBand dataType="Byte" band="1">${band}</VRTRasterBand></VRTDataset>`;
    const source = (name: string): string =>
      `<SimpleSource><SourceFilename>${name}</SourceFilename><DstRect xOff="0" yOff="0" xSize="20" ySize="20"/></SimpleSource>`;
    const circle = write('circle.vrt', vrt(source('circle.vrt')));
    await expect(openRaster(circle)).rejects.toMatchObject({ code: 'file-corrupt', message: /circle/ });
    const missing = write('missing.vrt', vrt(source('nothing.tif')));
    await expect(openRaster(missing)).rejects.toMatchObject({ code: 'file-not-found' });
    const warped = write('warped.vrt', vrt('', ' subClass="VRTWarpedDataset"'));
    await expect(openRaster(warped)).rejects.toMatchObject({ code: 'unsupported-format', message: /VRTWarped/ });
    const averaged = write('averaged.vrt', vrt('<AveragedSource></AveragedSource>'));
    await expect(openRaster(averaged)).rejects.toMatchObject({ code: 'unsupported-format' });
    const large = write('large.vrt', vrt('').replace('rasterXSize="20"', 'rasterXSize="1e30"'));
    await expect(openRaster(large)).rejects.toMatchObject({ code: 'file-corrupt' });
    // What a stranger sends may not name other files.
    await expect(openRaster(join(folder, 'mosaic.vrt'), { confined: true })).rejects.toMatchObject({
      code: 'unsupported-format',
      message: /names other files/,
    });
    await expect(openRaster(new Uint8Array(readFileSync(join(folder, 'mosaic.vrt'))))).rejects.toMatchObject({
      code: 'unsupported-format',
    });
    const short = join(folder, 'short.dat');
    writeFileSync(short, new Uint8Array(100));
    writeFileSync(join(folder, 'short.hdr'), 'ENVI\nsamples = 20\nlines = 20\nbands = 1\ndata type = 4\n');
    await expect(openRaster(short)).rejects.toMatchObject({ code: 'file-truncated' });
  });
});
