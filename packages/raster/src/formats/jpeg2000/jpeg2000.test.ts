import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasGdal, runOracle } from '../../gdal.test.support.js';
import { openRaster } from '../open-raster.js';

interface Kind {
  readonly name: string;
  readonly bands: number;
  readonly levels: number;
  readonly tolerance: number;
  readonly epsg: number;
  readonly geotransform: readonly number[];
  readonly colours: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), 'jpeg2000-'));
afterAll(() => rmSync(folder, { recursive: true }));

function due(name: string): Float64Array {
  const bytes = readFileSync(join(folder, name));
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

describe.skipIf(!hasGdal)('JPEG 2000 reads as by OpenJPEG in GDAL', () => {
  let kinds: Kind[] = [];
  if (hasGdal) {
    runOracle('jpeg2000.py', folder);
    kinds = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Kind[];
  }

  for (const kind of kinds) {
    test(kind.name, async () => {
      await using file = await openRaster(join(folder, `${kind.name}.jp2`));
      expect(file.bands.map(({ colorInterpretation }) => colorInterpretation)).toEqual(kind.colours);
      expect(file.georeference?.crs?.code).toBe(`EPSG:${kind.epsg}`);
      expect(file.georeference?.geotransform).toEqual(kind.geotransform.map((v) => expect.closeTo(v, 9)));
      expect(file.overviews.length).toBeGreaterThanOrEqual(kind.levels - 1);
      for (let level = 0; level < kind.levels; level++) {
        const { width, height } = level === 0 ? file : file.overviews[level - 1]!;
        const samples = due(`${kind.name}.${level}.bin`);
        expect(samples.length).toBe(width * height * kind.bands);
        // A window across the borders of tiles, and the whole.
        const inner = { x: width >> 2, y: height >> 2, width: width >> 1, height: height >> 1 };
        for (const window of [inner, { x: 0, y: 0, width, height }]) {
          const read = await file.readWindow({ level, window, bands: file.bands.map(({ index }) => index) });
          let worst = 0;
          for (const [b, data] of read.data.entries()) {
            for (let i = 0; i < data.length; i++) {
              const [px, py] = [window.x + (i % window.width), window.y + Math.floor(i / window.width)];
              worst = Math.max(worst, Math.abs(data[i]! - samples[(b * height + py) * width + px]!));
            }
          }
          expect(worst, `level ${level}`).toBeLessThanOrEqual(kind.tolerance);
        }
      }
    });
  }

  test('a damaged file is an error, and no crash', async () => {
    const bytes = new Uint8Array(readFileSync(join(folder, 'geojp2.jp2')));
    await expect(openRaster(bytes.subarray(0, 60_000))).rejects.toMatchObject({
      code: expect.stringMatching(/file-(truncated|corrupt)/),
    });
    const broken = bytes.slice();
    broken.fill(0x55, bytes.length - 40_000, bytes.length - 200);
    const outcome = await openRaster(broken).then(
      (file) =>
        file.readWindow().then(
          () => 'read',
          (error: { code: string }) => error.code,
        ),
      (error: { code: string }) => error.code,
    );
    expect(outcome).toMatch(/^(read|file-corrupt|file-truncated)$/);
  });
});
