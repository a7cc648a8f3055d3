import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, transformPoint } from '@tiepoint/geometry';
import { openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobScene } from '../cli/testing/blob-scene.js';
import { spawnCli } from '../cli/testing/spawn-cli.js';
import type { Registration } from '../result/registration.js';
import { transformFromJson } from '../result/transform-json.js';
import type { SeriesLoop } from './open-loops.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-series-'));
const at = (name: string): string => join(folder, name);
const side = 224;
const shifts = { 'reference.tif': [0, 0], '2021.tif': [5, -3], '2022.tif': [-4, 7], '2023.tif': [8, 2] } as const;

beforeAll(async () => {
  const random = createRandom(1);
  const wide = 260;
  const scene = blobScene(wide, wide, 31);
  for (const [name, [dx, dy]] of Object.entries(shifts)) {
    const data = Float32Array.from({ length: side * side }, (_, i) => {
      const [x, y] = [(i % side) + dx + 18, Math.floor(i / side) + dy + 18];
      return scene[y * wide + x]!;
    });
    await writeGeoTiff(at(name), { width: side, height: side, bands: [data], dataType: 'float32' });
  }
  await writeGeoTiff(at('other.tif'), {
    width: side,
    height: side,
    bands: [Float32Array.from({ length: side * side }, () => random.normal())],
    dataType: 'float32',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface SeriesDocument {
  readonly verdict: string;
  readonly loops: readonly SeriesLoop[];
  readonly images: readonly Registration[];
}

describe('tiepoint register --series', () => {
  it('registers each image to the reference, writes them and closes the loops', async () => {
    const images = ['2021.tif', '2022.tif', '2023.tif'] as const;
    const run = await spawnCli([
      'register',
      '--series',
      at('reference.tif'),
      ...images.map(at),
      '--json',
      '--output-folder',
      folder,
    ]);
    expect(run.status, run.stderr).toBe(0);
    const found = JSON.parse(run.stdout) as SeriesDocument;
    expect(found.images).toHaveLength(3);
    for (const [i, name] of images.entries()) {
      const [x, y] = transformPoint(transformFromJson(found.images[i]!)!, 100, 100);
      expect(Math.hypot(x - 100 - shifts[name][0], y - 100 - shifts[name][1])).toBeLessThan(0.3);
    }
    expect(found.loops.map((loop) => loop.images)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    for (const { misclosure, consistent } of found.loops) {
      expect(consistent).toBe(true);
      expect(misclosure).toBeLessThan(0.5);
    }
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['2021-registered.tif', '2023-solution.json']));
    await using written = await openRaster(at('2022-registered.tif'));
    expect([written.width, written.height]).toEqual([side, side]);
  });

  it('goes on where an image is refused, and says so', async () => {
    const run = await spawnCli(['register', '--series', at('reference.tif'), at('2021.tif'), at('other.tif')]);
    expect(run.status, run.stderr).toBe(5);
    expect(run.stdout).toMatch(/2021\.tif +accept/);
    expect(run.stdout).toMatch(/other\.tif +refuse/);
  });

  it('asks for two images and refuses options of one pair', async () => {
    for (const args of [
      ['--series', at('reference.tif'), at('2021.tif')],
      ['--series', at('reference.tif'), at('2021.tif'), at('2022.tif'), '--report', at('r.html')],
      [at('reference.tif'), at('2021.tif'), at('out.tif'), at('2022.tif')],
    ]) {
      const run = await spawnCli(['register', ...args]);
      expect(run.status).toBe(2);
      expect(run.stderr).toContain('series');
    }
  });
});
