import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeGeoTiff } from '@tiepoint/raster';
import { afterAll, describe, expect, it } from 'vitest';
import { blobScene } from './cli/testing/blob-scene.js';
import { registerFiles } from './readme.sample.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the sample in the READMEs', () => {
  it('is the file that is compiled', () => {
    const sample = readFileSync(new URL('../src/readme.sample.ts', import.meta.url), 'utf8').replaceAll('export ', '');
    for (const readme of ['../README.md', '../../../README.md']) {
      expect(readFileSync(new URL(readme, import.meta.url), 'utf8')).toContain(sample);
    }
  });

  it('registers two files', async () => {
    const image = { width: 200, height: 200, bands: [blobScene(200, 200, 4)], dataType: 'float32' } as const;
    await writeGeoTiff(join(folder, 'reference.tif'), image);
    await writeGeoTiff(join(folder, 'sensed.tif'), image);
    const words = await registerFiles(
      join(folder, 'reference.tif'),
      join(folder, 'sensed.tif'),
      join(folder, 'out.tif'),
    );
    expect(words).toMatch(/^accept: CE90 0\.\d+ px$/);
    expect(readdirSync(folder).toSorted()).toEqual(['out.tif', 'out.tif.html', 'reference.tif', 'sensed.tif']);
  });
});
