import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invertTransform, type Plane, resamplePlane, similarity, transformPoint } from '@tiepoint/geometry';
import { openRaster, type RasterFile, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobScene } from '../cli/testing/blob-scene.js';
import { createSnapper } from './snapper.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-snapper-'));
const side = 256;
const truth = similarity(1.02, 0.05, 8, -4);
const back = invertTransform(truth)!;

let reference: RasterFile;
let sensed: RasterFile;
beforeAll(async () => {
  const scene: Plane = { width: side, height: side, data: blobScene(side, side, 5) };
  const moved = resamplePlane(scene, side, side, truth, { kernel: 'cubic' });
  // The right half shows nothing.
  const half = { ...moved, data: moved.data.map((v, i) => (i % side > 0.7 * side ? 7 : 400 - v)) };
  const write = async (name: string, { data }: Plane): Promise<RasterFile> => {
    await writeGeoTiff(join(folder, name), { width: side, height: side, bands: [data], dataType: 'float32' });
    return openRaster(join(folder, name));
  };
  [reference, sensed] = [await write('reference.tif', scene), await write('sensed.tif', half)];
});
afterAll(async () => {
  await reference.close();
  await sensed.close();
  rmSync(folder, { recursive: true });
});

describe('a place set by hand', () => {
  it('is snapped to within half a px, and to what the covariance says', async () => {
    await using snapper = await createSnapper(reference, sensed);
    for (const [x, y] of [
      [90, 100],
      [120, 60],
      [70, 180],
    ] as const) {
      const [u, v] = transformPoint(back, x, y);
      const point = await snapper.snap([x, y], [u + 3.1, v - 2.4], similarity(1, 0, 0, 0));
      const [a, b] = transformPoint(truth, ...point!.sensed);
      expect(Math.hypot(a - x, b - y)).toBeLessThan(0.5);
      const [xx, , yy] = point!.covariance;
      expect(Math.sqrt(xx)).toBeLessThan(1);
      expect(Math.abs(a - x) / Math.sqrt(xx)).toBeLessThan(4);
      expect(Math.abs(b - y) / Math.sqrt(yy)).toBeLessThan(4);
    }
  });

  it('is left to the person where the images show nothing, and outside them', async () => {
    await using snapper = await createSnapper(reference, sensed);
    expect(await snapper.snap([215, 128], transformPoint(back, 215, 128), truth)).toBeNull();
    await expect(snapper.snap([120, 128], [-300, 128], truth)).rejects.toMatchObject({ code: 'point-outside' });
  });
});
