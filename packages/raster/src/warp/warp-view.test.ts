import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@tiepoint/geometry';
import { afterAll, expect, test } from 'vitest';
import { createCog } from '../formats/geotiff/write/create-cog.js';
import { openRaster, openWarpView, warp } from '../index.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-warp-view-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [width, height] = [300, 220];
const random = createRandom(4);
const data = Uint8Array.from({ length: width * height }, () => 20 + Math.floor(random.uniform() * 200));

async function writeScene(): Promise<string> {
  const path = join(folder, 'scene.tif');
  await using writer = await createCog(path, {
    width,
    height,
    bandCount: 1,
    dataType: 'uint8',
    tileSize: 64,
    overwrite: true,
  });
  await writer.write({ rows: height, data: [data] });
  await writer.finish();
  return path;
}

const target = {
  sensedToReference: { model: 'affine', matrix: [0.99, 0.05, 7.3, -0.05, 0.99, 4.6, 0, 0, 1] },
  reference: { width: 280, height: 200, georeference: null },
} as const;

test('windows of a view are those of the whole warp', async () => {
  await using scene = await openRaster(await writeScene());
  const output = join(folder, 'whole.tif');
  await warp(scene, output, { ...target, format: 'GTiff', threads: 0 });
  await using whole = await openRaster(output);
  const view = await openWarpView(scene, target);
  expect([view.width, view.height]).toEqual([280, 200]);
  const window = { x: 40, y: 30, width: 64, height: 64 };
  const seen = await view.read(window, 1);
  const { data: written, mask } = await whole.readWindow({ window });
  expect(seen.mask).toEqual(mask);
  // Written samples are whole numbers.
  for (const [i, value] of seen.data[0]!.entries()) {
    if (seen.mask[i]) expect(Math.abs(value - written[0]![i]!)).toBeLessThanOrEqual(0.5);
  }
});

test('a reduced window covers more of the grid, from an overview', async () => {
  await using scene = await openRaster(await writeScene());
  expect(scene.overviews.length).toBeGreaterThan(1);
  const read: number[] = [];
  const watched = {
    ...scene,
    readWindow: (options: Parameters<typeof scene.readWindow>[0]) => {
      read.push(options?.level ?? 0);
      return scene.readWindow(options);
    },
  };
  const view = await openWarpView(watched, target);
  const seen = await view.read({ x: 0, y: 0, width: 70, height: 50 }, 4);
  expect(read).toEqual([2]);
  expect(seen.data[0]!.length).toBe(70 * 50);
  const valid = [...seen.data[0]!].filter((_, i) => seen.mask[i]);
  const mean = valid.reduce((a, b) => a + b, 0) / valid.length;
  expect(Math.abs(mean - 119.5)).toBeLessThan(2);
  // Beyond the image there is nothing.
  const beyond = await view.read({ x: 100, y: 0, width: 8, height: 8 }, 4);
  expect(beyond.validCount).toBe(0);
});
