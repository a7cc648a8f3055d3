import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeDetector, decodeMatcher } from '@tiepoint/matching';
import { writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobScene } from './testing/blob-scene.js';
import { spawnCli } from './testing/spawn-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-train-'));
const pairs = join(folder, 'pairs.jsonl');
const side = 264;

beforeAll(async () => {
  const lines: string[] = [];
  for (const [i, split] of ['train', 'val'].entries()) {
    const scene = blobScene(side, side, i + 1);
    for (const [name, bands] of [
      ['reference', [scene]],
      ['sensed', [scene.map((v) => 255 - v)]],
    ] as const) {
      await writeGeoTiff(join(folder, `${i}-${name}.tif`), { width: side, height: side, bands, dataType: 'float32' });
    }
    const record = { id: String(i), split, reference: `${i}-reference.tif`, sensed: `${i}-sensed.tif`, set: 'blobs' };
    lines.push(JSON.stringify({ ...record, alignmentErrorPx: 0.1 }));
  }
  writeFileSync(pairs, `${lines.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const train = (network: string, out: string, ...args: string[]) =>
  spawnCli(['train', network, '--pairs', pairs, '--out', join(folder, out), '--threads', '1', '--batch', '2', ...args]);
const stepsOf = (out: string): number[] =>
  readFileSync(join(folder, out, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { step: number }).step);

it('trains a detector, with records and a curve, and goes on from its weights', async () => {
  const size = ['--side', '64'];
  const run = await train('detector', 'detector', ...size, '--steps', '2', '--validate-every', '1');
  expect(run.status).toBe(0);
  const path = join(folder, 'detector', 'detector.safetensors');
  expect(run.stdout).toContain(path);
  expect(run.stderr).toContain('step 2: blobs');
  const detector = decodeDetector(readFileSync(path));
  expect(detector.network.name).toBe('light');
  expect(stepsOf('detector')).toEqual([1, 2]);
  const validations = readFileSync(join(folder, 'detector', 'validation.jsonl'), 'utf8')
    .trim()
    .split('\n');
  expect(validations).toHaveLength(2);
  expect(readFileSync(join(folder, 'detector', 'validation.svg'), 'utf8')).toContain('repeatability at 3 px, %');
  const again = ['--steps', '1', '--start', path, '--loss', 'spatial-softmax'];
  expect((await train('detector', 'further', ...size, ...again)).status).toBe(0);
  expect(readFileSync(join(folder, 'further', 'metrics.jsonl'), 'utf8')).toContain('"softmax"');
  // Its checkpoint is of a run with another loss.
  const changed = await train('detector', 'further', ...size, '--steps', '1', '--start', path);
  expect(changed.status).toBe(2);
  expect(changed.stderr).toContain('loss.softmax 1 there, not set here');
  const other = await train(
    'detector',
    'other',
    '--network',
    'table1',
    '--width',
    '0.125',
    '--steps',
    '1',
    '--start',
    path,
  );
  expect(other.status).toBe(6);
  expect((await train('detector', 'odd', '--side', '100')).status).toBe(2);
}, 240_000);

it('trains a matcher, which the detector and it then register with', async () => {
  const run = await train('matcher', 'matcher', '--patch', '32', '--layers', '1', '--keypoints', '8', '--steps', '2');
  expect(run.status).toBe(0);
  const path = join(folder, 'matcher', 'matcher.safetensors');
  expect(decodeMatcher(readFileSync(path)).network.name).toBe('cross-fusion(32,1)');
  expect(stepsOf('matcher')).toEqual([1, 2]);
  const curve = readFileSync(join(folder, 'matcher', 'validation.svg'), 'utf8');
  expect(curve).toContain('right matches, %');
  const images = ['0-reference.tif', '0-sensed.tif'].map((name) => join(folder, name));
  const weights = ['--detector', join(folder, 'detector', 'detector.safetensors'), '--matcher', path];
  const registered = await spawnCli(['register', ...images, '--method', 'keypoints', ...weights, '--json']);
  // Whatever so little training finds: it was tried.
  const { method } = JSON.parse(registered.stdout) as { method: string };
  expect(method).toContain('keypoints');
}, 240_000);
