import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Detection } from '../detect/detect.js';
import { blobScene } from './testing/blob-scene.js';
import { spawnCli } from './testing/spawn-cli.js';
import { untrainedNetworkFiles } from './testing/untrained-networks.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-detect-'));
const [image, mask, detector] = ['image.tif', 'mask.tif', 'detector.safetensors'].map((name) => join(folder, name));
const [width, height] = [200, 120];

beforeAll(async () => {
  writeFileSync(detector!, untrainedNetworkFiles().detector);
  const bands = [blobScene(width, height, 3)];
  await writeGeoTiff(image!, {
    width,
    height,
    bands,
    dataType: 'float32',
    georeference: {
      crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
      geotransform: [500_000, 10, 0, 4_600_000, 0, -10],
      origin: 'file',
    },
  });
  const right = Uint8Array.from({ length: width * height }, (_, i) => (i % width >= 100 ? 255 : 0));
  await writeGeoTiff(mask!, { width, height, bands: [right], dataType: 'uint8' });
});
afterAll(() => rmSync(folder, { recursive: true }));

it('writes keypoints as one JSON document, best first, where the mask allows', async () => {
  const run = await spawnCli(['detect', image!, '--detector', detector!, '--count', '40', '--mask', mask!, '--json']);
  expect(run.status).toBe(0);
  const found = JSON.parse(run.stdout) as Detection;
  expect(found).toMatchObject({
    version: 1,
    width,
    height,
    method: 'network',
    provenance: { weights: expect.stringMatching(/^untrained detector \[[0-9a-f]{8}\]$/) },
  });
  expect(found.keypoints.length).toBeGreaterThan(20);
  expect(found.keypoints.length).toBeLessThanOrEqual(40);
  expect(found.keypoints.every(({ x, y }) => x > 100 && x < width && y > 0 && y < height)).toBe(true);
  const scores = found.keypoints.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(run.stderr).toContain(`${scores.length} keypoints`);
  const least = scores[5]!;
  const strict = await spawnCli([
    'detect',
    image!,
    '--detector',
    detector!,
    '--mask',
    mask!,
    '--threshold',
    String(least),
    '--quiet',
  ]);
  for (const line of strict.stdout.trim().split('\n')) expect(Number(line.split(' ')[2])).toBeGreaterThan(least - 1e-3);
});

it('writes files with places on the map and scores, and RIFT keypoints without a network', async () => {
  const [geojson, csv] = [join(folder, 'k.geojson'), join(folder, 'k.csv')];
  const run = await spawnCli(['detect', image!, '--detector', 'none', '--count', '30', '--points', geojson]);
  expect(run).toMatchObject({ status: 0, stdout: '' });
  expect(run.stderr).toContain('(RIFT)');
  const { features } = JSON.parse(readFileSync(geojson, 'utf8')) as {
    features: { geometry: { coordinates: number[] }; properties: Record<string, number> }[];
  };
  expect(features.length).toBeGreaterThan(10);
  for (const { geometry, properties } of features) {
    expect(properties['mapX']).toBeCloseTo(500_000 + 10 * properties['x']!, 6);
    expect(properties['score']).toBeGreaterThan(0);
    expect(geometry.coordinates[0]).toBeGreaterThan(14);
  }
  expect((await spawnCli(['detect', image!, '--detector', 'none', '--count', '30', '--points', csv])).status).toBe(0);
  // After the CRS and the names of the columns.
  expect(readFileSync(csv, 'utf8').trim().split('\n')).toHaveLength(features.length + 2);
});

it('names what is wrong: endings, weights, outputs that exist', async () => {
  const run = (...args: string[]) => spawnCli(['detect', image!, ...args]);
  expect((await run('--points', join(folder, 'k.gcp'))).status).toBe(2);
  expect((await run('--threshold', '2')).status).toBe(2);
  expect((await run('--detector', join(folder, 'absent'))).status).toBe(6);
  expect((await run('--points', mask!, '--detector', 'none')).status).toBe(2);
});
