import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasGdal, runOracle } from '../gdal.test.support.js';
import { openRaster } from './open-raster.js';
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
  /** Samples of the second band's second overview. */
  readonly overview?: readonly number[];
}

const folder = hasGdal ? mkdtempSync(join(tmpdir(), 'kinds-')) : '';
afterAll(() => (folder ? rm(folder, { recursive: true }) : undefined));

function bytesOf(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
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
      expect(file.georeference?.geotransform ?? [0, 1, 0, 0, 0, 1]).toEqual(item.geotransform);
      const read = await file.readWindow({ bands: file.bands.map(({ index }) => index) });
      for (const [b, data] of read.data.entries()) {
        const info = file.bands[b]!;
        const valid = bandValidity(data, info.dataType, info.nodata, read.mask ?? null);
        let [worst, wrong] = [0, 0];
        for (let i = 0; i < pixels; i++) {
          worst = Math.max(worst, Math.abs(data[i]! - samples[b * pixels + i]!));
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

  test('a reduced image takes its mask from the full one', async () => {
    await using file = await openRaster(join(folder, 'msk.tif'));
    const plane = await file.readPlane({ width: file.width / 4, height: file.height / 4 });
    // The hole lies at rows 20 to 90 and columns 30 to 120.
    expect(plane.mask![Math.floor(50 / 4) * plane.width + 15]).toBe(0);
    expect(plane.mask![1 * plane.width + 1]).toBe(1);
  });
});
