import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resamplePlane, similarity, transformPoint, translation, type Transform } from '@tiepoint/geometry';
import { type GeoTiffImage, openRaster, parseControlPoints, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Assessment } from '../assess/assess.js';
import type { Registration } from '../result/registration.js';
import type { TiePoint } from '../result/tie-point.js';
import { transformFromJson } from '../result/transform-json.js';
import { blobScene } from './testing/blob-scene.js';
import { spawnCli } from './testing/spawn-cli.js';

const inputs = mkdtempSync(join(tmpdir(), 'tiepoint-register-in-'));
const outputs = mkdtempSync(join(tmpdir(), 'tiepoint-register-out-'));
const input = (name: string): string => join(inputs, name);
const output = (name: string): string => join(outputs, name);
const side = 256;
const truth = similarity(1.02, 0.03, -6, 4);

function errorAt(transform: Transform | null): number {
  if (transform === null) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (const [x, y] of [
    [40, 40],
    [210, 50],
    [60, 200],
    [200, 210],
  ] as const) {
    const [X, Y] = transformPoint(transform, x, y);
    const [tx, ty] = transformPoint(truth, x, y);
    worst = Math.max(worst, Math.hypot(X - tx, Y - ty));
  }
  return worst;
}

beforeAll(async () => {
  const wide = { width: 400, height: 400, data: blobScene(400, 400, 1) };
  const cut = (transform: Transform): Float32Array =>
    resamplePlane(wide, side, side, transform, { kernel: 'cubic' }).data;
  const middle = translation(72, 72);
  const reference = cut(middle);
  const { matrix } = truth;
  const sensed = cut({
    model: 'affine',
    matrix: [matrix[0], matrix[1], matrix[2] + 72, matrix[3], matrix[4], matrix[5] + 72, 0, 0, 1],
  });
  const write = (name: string, data: Float32Array, extra: Partial<GeoTiffImage> = {}): Promise<void> =>
    writeGeoTiff(input(name), { width: side, height: side, bands: [data], dataType: 'float32', ...extra });
  await write('reference.tif', reference, {
    dataType: 'uint8',
    georeference: {
      crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
      geotransform: [500_000, 10, 0, 4_600_000, 0, -10],
      origin: 'file',
    },
  });
  await write(
    'uint16.tif',
    sensed.map((v) => 1000 + v * 200),
    { dataType: 'uint16' },
  );
  await write(
    'float.tif',
    sensed.map((v) => 3 - v * 1e-4),
  );
  await write(
    'some-nan.tif',
    sensed.map((v, i) => (i % side < 40 ? Number.NaN : v)),
  );
  await write('unrelated.tif', blobScene(side, side, 77));
});
afterAll(() => {
  rmSync(inputs, { recursive: true });
  rmSync(outputs, { recursive: true });
});
beforeEach(() => {
  for (const name of readdirSync(outputs)) rmSync(join(outputs, name));
});

describe('tiepoint register', () => {
  it('writes the image, solution, points and report, and one JSON document on standard output', async () => {
    const run = await spawnCli([
      'register',
      input('reference.tif'),
      input('uint16.tif'),
      output('out.tif'),
      '--json',
      '--timings',
      '--solution',
      output('solution.json'),
      '--points',
      output('points.geojson'),
      '--report',
      output('report.html'),
      '--accuracy',
      output('sd.tif'),
      '--seed',
      '3',
    ]);
    expect(run.status, run.stderr).toBe(0);
    const registration = JSON.parse(run.stdout) as Registration;
    expect(registration).toMatchObject({ version: 1, verdict: 'accept', provenance: { seed: 3 } });
    expect(registration.provenance.weights).toContain('correlation');
    expect(errorAt(transformFromJson(registration))).toBeLessThan(0.5);
    expect(registration.sensedToReference![2]).toHaveLength(3);
    expect(registration.accuracy!.unit).toBe('px');
    expect(registration.inliers).toBeLessThanOrEqual(registration.tiePoints);
    const { start, write, ...own } = registration.timings!;
    expect(start).toBeGreaterThan(0);
    expect(write).toBeGreaterThan(0);
    const spent = Object.values(own).reduce((sum, seconds) => sum + seconds, 0);
    // Nothing that takes long is left out.
    expect(spent / registration.seconds).toBeGreaterThan(0.9);
    expect(spent).toBeLessThanOrEqual(registration.seconds);
    expect(JSON.parse(readFileSync(output('solution.json'), 'utf8'))).toEqual({ ...registration, timings: own });
    const { points } = await parseControlPoints(readFileSync(output('points.geojson'), 'utf8'), 'geojson');
    expect(points).toHaveLength(registration.tiePoints);
    expect(readFileSync(output('report.html'), 'utf8')).toContain('The images are registered.');
    await using image = await openRaster(output('out.tif'));
    expect([image.width, image.height]).toEqual([side, side]);
    expect(image.bands[0]!.dataType).toBe('uint16');
    expect(image.georeference?.crs?.code).toBe('EPSG:32633');
    await using map = await openRaster(output('sd.tif'));
    expect([map.width, map.height, map.georeference?.crs?.code]).toEqual([side, side, 'EPSG:32633']);
    const { data: sd } = await map.readPlane();
    // The root mean square over the overlap is the accuracy's figure; here the overlap is nearly all of the reference.
    const rms = Math.sqrt(sd.reduce((sum, v) => sum + v * v, 0) / sd.length);
    expect(rms / registration.accuracy!.predictedSd).toBeGreaterThan(0.9);
    expect(rms / registration.accuracy!.predictedSd).toBeLessThan(1.2);
    const written = ['out.tif', 'points.geojson', 'report.html', 'sd.tif', 'solution.json'];
    expect(readdirSync(outputs).toSorted()).toEqual(written);

    const again = await spawnCli(['transform', '--solution', output('solution.json')], { input: '40 40\n' });
    const [X, Y] = again.stdout.split(' ').map(Number);
    expect(Math.hypot(X! - transformPoint(truth, 40, 40)[0], Y! - transformPoint(truth, 40, 40)[1])).toBeLessThan(0.5);
  });

  it('tells people what it found and wrote, and gives the same answer for the same seed', async () => {
    const pair = ['register', input('reference.tif'), input('float.tif')];
    const told = await spawnCli([...pair, output('out.vrt'), '--solution', output('solution.json'), '--seed', '5']);
    expect([0, 5], told.stderr).toContain(told.status);
    expect(told.stdout).toMatch(/verdict +(accept|warn)/);
    expect(told.stdout).toContain(`wrote       ${output('out.vrt')}`);
    expect(readFileSync(output('out.vrt'), 'utf8')).toContain('<VRTDataset');
    const again = await spawnCli([...pair, '--json', '--seed', '5']);
    const plain = (text: string): unknown => ({ ...(JSON.parse(text) as Registration), seconds: 0 });
    expect(plain(again.stdout)).toEqual(plain(readFileSync(output('solution.json'), 'utf8')));
    expect(errorAt(transformFromJson(JSON.parse(again.stdout) as Registration))).toBeLessThan(0.7);
  });

  it('registers an image with missing parts, quietly', async () => {
    const args = ['register', input('reference.tif'), input('some-nan.tif'), '--solution', output('solution.json')];
    const run = await spawnCli([...args, '--quiet']);
    expect([0, 5], run.stderr).toContain(run.status);
    expect(run).toMatchObject({ stdout: '', stderr: '' });
    const registration = JSON.parse(readFileSync(output('solution.json'), 'utf8')) as Registration;
    expect(errorAt(transformFromJson(registration))).toBeLessThan(0.7);
  });

  it('refuses an unrelated image with 4 and writes no image, but a report that says so', async () => {
    // The search nearby alone: how all searches refuse is tested without a process.
    const pair = ['register', input('reference.tif'), input('unrelated.tif'), '--method', 'grid'];
    const args = [...pair, output('out.tif'), '--json'];
    const run = await spawnCli([...args, '--report', output('report.html'), '--accuracy', output('sd.tif')]);
    expect(run.status, run.stderr).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ verdict: 'refuse', sensedToReference: null });
    expect(readdirSync(outputs)).toEqual(['report.html']);
    expect(readFileSync(output('report.html'), 'utf8')).toContain('No registration that can be trusted was found.');
  });

  it('ends with 130 on Ctrl-C and leaves nothing behind', async () => {
    // How long starting takes tells how long to wait until it surely runs, on a busy machine too.
    const before = performance.now();
    await spawnCli(['register', '--help']);
    const wait = Math.max(1500, 3 * (performance.now() - before));
    const started = performance.now();
    const args = [
      'register',
      input('reference.tif'),
      input('unrelated.tif'),
      output('out.tif'),
      '--report',
      output('report.html'),
    ];
    // An unrelated image takes the longest, since everything is tried; its search takes several seconds.
    const run = await spawnCli(args, { interruptWhen: () => performance.now() - started > wait });
    expect(run.status, run.stdout).toBe(130);
    expect(run.stdout).toBe('');
    expect(readdirSync(outputs)).toEqual([]);
  });
});

describe('tiepoint match', () => {
  it('writes tie points as JSON, lines and files', async () => {
    const args = ['match', input('reference.tif'), input('uint16.tif')];
    const json = await spawnCli([...args, '--json', '--points', output('p.csv'), '--quiet']);
    expect(json.stderr).toBe('');
    expect(json.status, json.stderr).toBe(0);
    const { tiePoints } = JSON.parse(json.stdout) as { tiePoints: TiePoint[] };
    expect(tiePoints.length).toBeGreaterThan(10);
    const right = tiePoints.filter(({ sensed: [x, y], reference: [X, Y] }) => {
      const [tx, ty] = transformPoint(truth, x, y);
      return Math.hypot(X - tx, Y - ty) < 1.5;
    });
    expect(right.length / tiePoints.length).toBeGreaterThan(0.8);
    const lines = await spawnCli(args);
    expect(lines.stdout.trim().split('\n')).toHaveLength(tiePoints.length);
    const { points } = await parseControlPoints(readFileSync(output('p.csv'), 'utf8'), 'csv');
    expect(points).toHaveLength(tiePoints.length);
  });
});

describe('tiepoint assess', () => {
  it('measures how far the files place the sensed image from where it belongs', async () => {
    const run = await spawnCli(['assess', input('reference.tif'), input('uint16.tif'), '--json']);
    expect(run.status, run.stderr).toBe(0);
    const { placement, misregistration } = JSON.parse(run.stdout) as Assessment;
    expect(placement).toBe('pixel');
    // Pixel on pixel, (128, 128) is shown where it stands and belongs where the truth puts it.
    const [X, Y] = transformPoint(truth, 128, 128);
    expect(misregistration!.meanX).toBeCloseTo(128 - X, 0);
    expect(misregistration!.meanY).toBeCloseTo(128 - Y, 0);
    expect(misregistration!.largest).toBeGreaterThan(misregistration!.median);
  });
});
