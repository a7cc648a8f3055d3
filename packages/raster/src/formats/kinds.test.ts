import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasGdal, runOracle } from '../gdal.test.support.js';
import { parseCrs, transformerBetween } from '../georeference/crs-transformer.js';
import { pixelToMap } from '../georeference/geotransform.js';
import { openRaster } from './open-raster.js';
import type { RasterFile } from './raster-file.js';
import { bandValidity } from './validity.js';

interface Kind {
  readonly name: string;
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly tolerance: number;
  readonly overviews: number;
  readonly unit: string;
  readonly geotransform: readonly number[];
  /** Longitudes and latitudes; null where they are not asked. */
  readonly corners: readonly (readonly [number, number])[] | null;
  readonly table?: readonly (readonly number[])[];
  /** Samples of the second band's second overview. */
  readonly overview?: readonly number[];
}

const folder = hasGdal ? mkdtempSync(join(tmpdir(), 'kinds-')) : '';
afterAll(() => (folder ? rm(folder, { recursive: true }) : undefined));

function bytesOf(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

async function compareCorners(file: RasterFile, due: readonly (readonly [number, number])[]): Promise<void> {
  const { crs, geotransform } = file.georeference!;
  const places = [0, file.height].flatMap((y) => [0, file.width].flatMap((x) => pixelToMap(geotransform, x, y)));
  const points = Float64Array.from(places);
  (await transformerBetween(crs!, await parseCrs('EPSG:4326'), { approximate: true })).forward(points);
  for (const [i, [lon, lat]] of due.entries()) {
    const east = (points[2 * i]! - lon) * Math.cos((lat * Math.PI) / 180);
    expect(Math.hypot(east, points[2 * i + 1]! - lat) * 111_320, `corner ${i}`).toBeLessThan(2);
  }
}

describe.skipIf(!hasGdal)('files as people have them read as GDAL reads them', () => {
  let kinds: Kind[] = [];
  if (hasGdal) {
    runOracle('kinds.py', folder);
    kinds = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Kind[];
  }

  for (const item of kinds) {
    test(`${item.kind} (${item.name})`, async () => {
      await using file = await openRaster(join(folder, item.name));
      const pixels = item.width * item.height;
      const samples = new Float64Array(bytesOf(join(folder, `${item.name}.bin`)));
      const masks = new Uint8Array(bytesOf(join(folder, `${item.name}.mask`)));
      expect([file.width, file.height, file.bands.length]).toEqual([item.width, item.height, item.bands]);
      expect(file.overviews.length).toBe(item.overviews);
      expect(file.bands[0]!.unit ?? '').toBe(item.unit);
      const due = item.geotransform.map((value) => expect.closeTo(value, 6) as number);
      expect(file.georeference?.geotransform ?? [0, 1, 0, 0, 0, 1]).toEqual(due);
      if (item.table) expect(file.bands[0]!.colorTable).toEqual(item.table);
      if (item.corners) await compareCorners(file, item.corners);
      const read = await file.readWindow({ bands: file.bands.map(({ index }) => index) });
      for (const [b, data] of read.data.entries()) {
        const info = file.bands[b]!;
        const valid = bandValidity(data, info.dataType, info.nodata, read.mask ?? null);
        let [worst, wrong] = [0, 0];
        for (let i = 0; i < pixels; i++) {
          const due = samples[b * pixels + i]!;
          if (!Object.is(data[i], due)) worst = Math.max(worst, Math.abs(data[i]! - due));
          if ((valid?.[i] ?? 1) !== (masks[b * pixels + i] === 0 ? 0 : 1)) wrong++;
        }
        expect(worst, `band ${b + 1}`).toBeLessThanOrEqual(item.tolerance);
        expect(wrong, `validity of band ${b + 1}`).toBe(0);
      }
      if (item.overview) {
        const small = await file.readWindow({ bands: [2], level: 2 });
        expect(Array.from(small.data[0]!)).toEqual(item.overview);
      }
    });
  }

  test('a table of values that begins with NaN is the same for numbers', async () => {
    await using plain = await openRaster(join(folder, 'lut.vrt'));
    await using file = await openRaster(join(folder, 'lut-nan.vrt'));
    const [due, found] = [await plain.readWindow(), await file.readWindow()];
    // Up to the second entry, 0:0 and 100:50 against 100:50.5.
    for (const i of [0, 500, 9000]) expect(found.data[0]![i]! / due.data[0]![i]!).toBeCloseTo(1, 1);
  });

  test('a reduced image takes its mask from the full one', async () => {
    await using file = await openRaster(join(folder, 'msk.tif'));
    const plane = await file.readPlane({ width: file.width / 4, height: file.height / 4 });
    // The hole lies at rows 20 to 90 and columns 30 to 120.
    expect(plane.mask![Math.floor(50 / 4) * plane.width + 15]).toBe(0);
    expect(plane.mask![1 * plane.width + 1]).toBe(1);
  });
});
