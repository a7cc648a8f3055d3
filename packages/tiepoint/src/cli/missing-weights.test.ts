import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobScene } from './testing/blob-scene.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-installed-'));
const at = (name: string): string => join(folder, name);
const side = 200;

/** The package as installed, but for the weights of the keypoint detector. */
beforeAll(async () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  for (const part of ['bin', 'dist', 'package.json', 'weights'])
    cpSync(join(root, part), at(`tiepoint/${part}`), { recursive: true });
  rmSync(at('tiepoint/weights/detector.safetensors'));
  symlinkSync(fileURLToPath(new URL('../../../../node_modules', import.meta.url)), at('node_modules'));
  await writeGeoTiff(at('image.tif'), {
    width: side,
    height: side,
    bands: [blobScene(side, side, 9)],
    dataType: 'float32',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const warningsOf = async (...args: readonly string[]): Promise<string> => {
  const run = promisify(execFile)(process.execPath, [at('tiepoint/bin/tiepoint.js'), ...args, '--json'], {
    maxBuffer: 1 << 26,
  });
  return (JSON.parse((await run).stdout) as { readonly warnings: readonly string[] }).warnings.join('\n');
};

it('is said by what does without them', async () => {
  const missing = 'the weights of the keypoint networks that belong to tiepoint are missing';
  expect(await warningsOf('detect', at('image.tif'), '--count', '20')).toContain(missing);
  expect(await warningsOf('register', at('image.tif'), at('image.tif'))).toContain(missing);
  // What needs no keypoints lacks nothing, and what was asked for is no fault.
  expect(await warningsOf('register', at('image.tif'), at('image.tif'), '--method', 'grid')).not.toContain(missing);
  expect(await warningsOf('detect', at('image.tif'), '--count', '20', '--detector', 'none')).not.toContain(missing);
});
