import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Transform, transformPoint } from '@tiepoint/geometry';
import { openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobScene } from './cli/testing/blob-scene.js';
import { spawnCli } from './cli/testing/spawn-cli.js';
import { transformFromJson } from './result/transform-json.js';
import { register } from './register.js';
import type { Registration } from './result/registration.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-masked-'));
const at = (name: string): string => join(folder, name);
const side = 256;
/** Left of it the sensed image is where it belongs, right of it, on the larger part, elsewhere. */
const seam = 110;
const right = [4, -3] as const;
const wrong = [-11, 9] as const;

/** Distance between where a transform puts the middle of the left part and where it belongs. */
function errorOf(transform: Transform | null): number {
  if (transform === null) return Infinity;
  const [x, y] = transformPoint(transform, 60, 128);
  return Math.hypot(x - 60 - right[0], y - 128 - right[1]);
}

beforeAll(async () => {
  const wide = 300;
  const scene = blobScene(wide, wide, 5);
  const sample = (x: number, y: number): number => scene[(y + 20) * wide + x + 20]!;
  const make = (of: (x: number, y: number) => number): Float32Array =>
    Float32Array.from({ length: side * side }, (_, i) => of(i % side, Math.floor(i / side)));
  const write = (name: string, data: Float32Array): Promise<void> =>
    writeGeoTiff(at(name), { width: side, height: side, bands: [data], dataType: 'float32' });
  await write('whole.tif', make(sample));
  await write(
    'torn.tif',
    make((x, y) => {
      const [dx, dy] = x < seam ? right : wrong;
      return 400 - sample(x + dx, y + dy);
    }),
  );
  await write(
    'mask.tif',
    make((x) => (x < seam ? 255 : 0)),
  );
  await write(
    'reference-mask.tif',
    make((x) => (x < seam + right[0] ? 1 : 0)),
  );
  await writeGeoTiff(at('small.tif'), { width: 9, height: 7, bands: [new Uint8Array(63)], dataType: 'uint8' });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('masks', () => {
  it('keep what they leave out from deciding, in either image', async () => {
    await using whole = await openRaster(at('whole.tif'));
    await using torn = await openRaster(at('torn.tif'));
    await using mask = await openRaster(at('mask.tif'));
    await using referenceMask = await openRaster(at('reference-mask.tif'));
    const quick = { method: 'grid', dlsm: null } as const;
    const plain = await register(whole, torn, quick);
    // The larger part wins, which is wrong on the left.
    expect(errorOf(transformFromJson(plain.registration))).toBeGreaterThan(5);

    const masked = await register(whole, torn, { mask, ...quick });
    expect(masked.registration.verdict).not.toBe('refuse');
    expect(errorOf(transformFromJson(masked.registration))).toBeLessThan(0.3);
    expect(masked.registration.provenance.inputs[1]!.mask).toBe(at('mask.tif'));
    expect(masked.registration.provenance.inputs[0]!.mask).toBeUndefined();
    // A window may reach over the seam by a part of its side, but its middle stays on the valid part.
    const rightmost = Math.max(...masked.tiePoints.map(({ sensed }) => sensed[0]));
    expect(rightmost).toBeLessThan(seam + 10);

    const other = await register(whole, torn, { referenceMask, ...quick });
    expect(errorOf(transformFromJson(other.registration))).toBeLessThan(0.3);
    const swapped = await register(torn, whole, { referenceMask: mask, ...quick });
    const [x, y] = transformPoint(transformFromJson(swapped.registration)!, 60 + right[0], 128 + right[1]);
    expect(Math.hypot(x - 60, y - 128)).toBeLessThan(0.3);
  });

  it('are named on the command line and must fit their image', async () => {
    const pair = ['register', at('whole.tif'), at('torn.tif'), '--json'];
    const run = await spawnCli([...pair, '--mask', at('mask.tif'), '--reference-mask', at('reference-mask.tif')]);
    expect([0, 5], run.stderr).toContain(run.status);
    expect(errorOf(transformFromJson(JSON.parse(run.stdout) as Registration))).toBeLessThan(0.3);
    for (const option of ['--mask', '--reference-mask']) {
      const refused = await spawnCli([...pair, option, at('small.tif')]);
      expect(refused.status).toBe(3);
      const { error } = JSON.parse(refused.stdout) as { error: { code: string; hint: string } };
      expect(error.code).toBe('mask-mismatch');
      expect(error.hint).toContain('same size');
    }
    const missing = await spawnCli([...pair, '--mask', at('none.tif')]);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'file-not-found' } });
  });
});
