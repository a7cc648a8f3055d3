import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformPoint } from '@tiepoint/geometry';
import { crsFromEpsg, type Georeference, openRaster, type RasterFile, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobScene } from './cli/testing/blob-scene.js';
import { expectMendable } from './mend/mendable.test.support.js';
import { register } from './register.js';
import { transformFromJson } from './result/transform-json.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-large-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const [large, small, pixel] = [6000, 320, 10] as const;
/** Where the scene lies in the large image, px, and what the small one's georeference is wrong by. */
const [left, top] = [3100, 2300] as const;
const shift = [5, -4] as const;

function placeAt(x: number, y: number): Georeference {
  const geotransform = [500_000 + x * pixel, pixel, 0, 5_000_000 - y * pixel, 0, -pixel] as const;
  return { crs: crsFromEpsg(32633, 'projected'), geotransform, origin: 'file' };
}

beforeAll(async () => {
  const scene = Uint8Array.from(blobScene(small, small, 3), (v) => Math.max(1, Math.min(255, v)));
  const mosaic = new Uint8Array(large * large);
  for (let y = 0; y < small; y++) {
    mosaic.set(scene.subarray(y * small, (y + 1) * small), (top + y) * large + left);
  }
  const shape = { dataType: 'uint8', nodata: 0 } as const;
  await writeGeoTiff(at('mosaic.tif'), {
    ...shape,
    width: large,
    height: large,
    bands: [mosaic],
    georeference: placeAt(0, 0),
  });
  const georeference = placeAt(left + shift[0], top + shift[1]);
  await writeGeoTiff(at('small.tif'), { ...shape, width: small, height: small, bands: [scene], georeference });
});

/** The file, with every window that is read of it noted. */
function watched(file: RasterFile, areas: number[]): RasterFile {
  return {
    ...file,
    readPlane: (options = {}) => {
      const { width, height } = options.window ?? file;
      areas.push(width * height);
      return file.readPlane(options);
    },
  };
}

describe('a small image and a large one', () => {
  for (const [reference, sensed] of [
    ['mosaic.tif', 'small.tif'],
    ['small.tif', 'mosaic.tif'],
  ] as const) {
    it(`${sensed} on ${reference}: only what the other can cover is read, at its resolution`, async () => {
      await using fixed = await openRaster(at(reference));
      await using moving = await openRaster(at(sensed));
      const areas: number[] = [];
      const result = await register(watched(fixed, areas), watched(moving, areas));
      const { registration, tiePoints, errorField } = result;
      expect(registration.verdict, registration.reasons.join('; ')).toBe('accept');
      expect(Math.max(...areas)).toBeLessThan(0.03 * large * large);
      const back = reference === 'small.tif' ? -1 : 1;
      const [x, y] = back === 1 ? [100, 200] : [left + 100, top + 200];
      const [X, Y] = transformPoint(transformFromJson(registration)!, x, y);
      expect(Math.hypot(X - (x + back * left), Y - (y + back * top))).toBeLessThan(0.5);
      for (const { sensed: from, reference: to } of tiePoints) {
        expect(Math.hypot(to[0] - from[0] - back * left, to[1] - from[1] - back * top)).toBeLessThan(5);
      }
      expect([errorField!.width, errorField!.height]).toEqual([fixed.width, fixed.height]);
      expectMendable(result, (u, v) => [u + back * left, v + back * top], 0.5);
    });
  }
});
