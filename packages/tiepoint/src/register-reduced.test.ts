import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@tiepoint/geometry';
import { openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobScene } from './cli/testing/blob-scene.js';
import { register } from './register.js';
import { verdictLimits } from './verdict/limits.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-reduced-'));
const at = (name: string): string => join(folder, name);
const side = 480;

beforeAll(async () => {
  const wide = side + 40;
  const scene = blobScene(wide, wide, 12);
  const random = createRandom(4);
  const cut = (left: number, top: number): Float32Array =>
    Float32Array.from(
      { length: side * side },
      (_, i) => scene[(Math.floor(i / side) + top) * wide + (i % side) + left]! + 12 * random.normal(),
    );
  const write = (name: string, data: Float32Array): Promise<void> =>
    writeGeoTiff(at(name), { width: side, height: side, bands: [data], dataType: 'float32' });
  await write('reference.tif', cut(20, 20));
  await write('sensed.tif', cut(26, 15));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('judges and speaks in pixels of the files where they are matched at less than their resolution', async () => {
  await using reference = await openRaster(at('reference.tif'));
  await using sensed = await openRaster(at('sensed.tif'));
  const options = { workingSide: 160, dlsm: null, method: 'grid' } as const;
  const { registration } = await register(reference, sensed, options);
  const { accuracy, findings, reasons } = registration;
  const residuals = findings.find(({ code }) => code === 'residuals');
  expect(residuals?.values).toEqual({ rmse: accuracy!.rmse });
  expect(reasons.join('\n')).toContain(`within ${accuracy!.rmse.toFixed(2)} px of the transform`);
  // A limit between the held-out error of the planes and that of the files, three times as much, is exceeded.
  const limits = { ...verdictLimits, checkRmse: accuracy!.checkRmse / 2 };
  const strict = await register(reference, sensed, { ...options, limits });
  expect(strict.registration.verdict).toBe('warn');
  expect(strict.registration.findings[0]).toMatchObject({
    code: 'held-out-error',
    values: { checkRmse: accuracy!.checkRmse, limit: limits.checkRmse },
  });
});
