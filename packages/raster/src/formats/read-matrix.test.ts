import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasGdal, runOracle } from '../gdal.test.support.js';
import { openRaster } from './open-raster.js';
import { bandValidity } from './validity.js';

interface Case {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly type: string;
  readonly tolerance: number;
  readonly geotransform: number[];
  readonly nodata: number | 'nan' | null;
  readonly overviews: number;
}

const folder = hasGdal ? mkdtempSync(join(tmpdir(), 'matrix-')) : '';
afterAll(() => (folder ? rm(folder, { recursive: true }) : undefined));

describe.skipIf(!hasGdal)('every kind of GeoTIFF reads as GDAL reads it', () => {
  let cases: Case[] = [];
  if (hasGdal) {
    runOracle('read_matrix.py', folder);
    cases = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Case[];
  }

  test('the matrix is whole', () => {
    expect(cases.length).toBeGreaterThan(350);
  });

  for (const item of cases) {
    test(item.name, async () => {
      const expected = new Float64Array(readBytes(join(folder, `${item.name}.bin`)));
      const expectedMask = new Uint8Array(readBytes(join(folder, `${item.name}.mask`)));
      await using file = await openRaster(join(folder, `${item.name}.tif`));
      expect([file.width, file.height, file.bands.length]).toEqual([item.width, item.height, item.bands]);
      expect(file.overviews.length).toBe(item.overviews);
      if (item.nodata === 'nan') expect(file.bands[0]!.nodata).toBeNaN();
      else expect(file.bands[0]!.nodata).toBe(item.nodata);
      if (item.geotransform) expect(file.georeference?.geotransform).toEqual(item.geotransform);
      const all = file.bands.map((b) => b.index);
      const pixels = item.width * item.height;
      // A window across block borders, and the whole.
      const window = { x: 50, y: 40, width: 101, height: 77 };
      for (const w of [window, { x: 0, y: 0, width: item.width, height: item.height }]) {
        const read = await file.readWindow({ bands: all, window: w });
        for (const [b, samples] of read.data.entries()) {
          let worst = 0;
          // Magnitudes of complex samples: the two hypot functions differ in the last bit.
          const slack = item.type.startsWith('C') ? 4e-16 : 0;
          for (let y = 0; y < w.height; y++) {
            for (let x = 0; x < w.width; x++) {
              const due = expected[b * pixels + (y + w.y) * item.width + x + w.x]!;
              const got = samples[y * w.width + x]!;
              if (Number.isNaN(due) !== Number.isNaN(got)) worst = Number.POSITIVE_INFINITY;
              worst = Math.max(worst, Math.abs(got - due) - slack * Math.abs(due) || 0);
            }
          }
          expect(worst, `band ${b + 1}`).toBeLessThanOrEqual(item.tolerance);
        }
        const info = file.bands[0]!;
        const valid = bandValidity(read.data[0]!, info.dataType, info.nodata, read.mask ?? null);
        let wrong = 0;
        for (let y = 0; y < w.height; y++) {
          for (let x = 0; x < w.width; x++) {
            const due = expectedMask[(y + w.y) * item.width + x + w.x]! > 0 ? 1 : 0;
            if ((valid ? valid[y * w.width + x] : 1) !== due) wrong++;
          }
        }
        expect(wrong, 'wrong mask pixels').toBe(0);
      }
    });
  }
});

function readBytes(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(path)).buffer;
}
