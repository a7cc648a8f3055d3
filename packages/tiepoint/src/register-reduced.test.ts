import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@tiepoint/geometry';
import { openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobScene } from './cli/testing/blob-scene.js';
import { register } from './register.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-reduced-'));
const at = (name: string): string => join(folder, name);
const side = 720;
/** By how much the lower third of the parted image is moved against the rest, px. */
const parting = 27;

beforeAll(async () => {
  const wide = side + 40;
  const scene = blobScene(wide, wide, 12);
  const random = createRandom(4);
  const cut = (left: number, top: number, parted = 0): Float32Array =>
    Float32Array.from({ length: side * side }, (_, i) => {
      const row = Math.floor(i / side);
      const from = left + (row < 0.65 * side ? 0 : parted);
      return scene[(row + top) * wide + (i % side) + from]! + 12 * random.normal();
    });
  const write = (name: string, data: Float32Array): Promise<void> =>
    writeGeoTiff(at(name), { width: side, height: side, bands: [data], dataType: 'float32' });
  await write('reference.tif', cut(20, 20));
  await write('sensed.tif', cut(26, 15));
  await write('parted.tif', cut(10, 15, parting));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('judges and speaks in pixels of the files where they are matched at less than their resolution', async () => {
  await using reference = await openRaster(at('reference.tif'));
  await using sensed = await openRaster(at('sensed.tif'));
  const options = { workingSide: 240, dlsm: null, method: 'grid' } as const;
  const { registration } = await register(reference, sensed, options);
  const { accuracy, findings, reasons } = registration;
  const residuals = findings.find(({ code }) => code === 'residuals');
  expect(residuals?.values).toEqual({ rmse: accuracy!.rmse });
  expect(reasons.join('\n')).toContain(`within ${accuracy!.rmse.toFixed(2)} px of the transform`);
});

it('says in pixels of the files where part of the ground moved otherwise', async () => {
  await using reference = await openRaster(at('reference.tif'));
  await using sensed = await openRaster(at('parted.tif'));
  const options = { workingSide: 240, dlsm: null, method: 'grid' } as const;
  const { registration } = await register(reference, sensed, options);
  expect(registration.verdict).toBe('warn');
  const { y, dx, dy, share } = registration.findings.find(({ code }) => code === 'two-motions')!.values as {
    readonly [name: string]: number;
  };
  expect(Math.abs(dx!)).toBeGreaterThan(0.8 * parting);
  expect(Math.abs(dx!)).toBeLessThan(1.2 * parting);
  expect(Math.abs(dy!)).toBeLessThan(0.2 * parting);
  expect(y).toBeGreaterThan(0.6 * side);
  expect(share).toBeGreaterThan(0.15);
});
