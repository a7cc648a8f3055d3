import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { translation } from '@tiepoint/geometry';
import { writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transformToJson } from '../result/transform-json.js';
import { spawnCli } from './testing/spawn-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-view-command-'));
afterAll(() => rmSync(folder, { recursive: true }));
const image = join(folder, 'image.tif');
const accepted = { version: 1, verdict: 'accept', ...transformToJson(translation(1, 2)) };

beforeAll(async () => {
  await writeGeoTiff(image, { width: 20, height: 10, bands: [new Uint8Array(200)], dataType: 'uint8' });
  writeFileSync(join(folder, 'nameless.json'), JSON.stringify(accepted));
});

describe('tiepoint view', () => {
  it.each([
    ['more than two files', [image, image, image], 2, '[usage]'],
    ['an image that is not there', [image, join(folder, 'missing.tif')], 3, '[file-not-found]'],
    ['a solution that names no images', [join(folder, 'nameless.json')], 3, '[solution-invalid]'],
    ['what a browser cannot ask for', [image, 's3://bucket/a.tif'], 2, '[invalid-option]'],
    ['a port that is none', ['--port', '99999', image, image], 2, 'error:'],
  ])('refuses %s', async (_, args, status, said) => {
    const run = await spawnCli(['view', '--no-open', ...args]);
    expect(run.status).toBe(status);
    expect(run.stderr).toContain(said);
    expect(run.stdout).toBe('');
  });

  it('serves until it is interrupted, by an address that works once', async () => {
    const log = join(folder, 'address');
    let address = '';
    const input = (role: string) => ({ role, source: 'image.tif', width: 20, height: 10 });
    const solution = join(folder, 'solution.json');
    const provenance = { inputs: [input('reference'), input('sensed')] };
    writeFileSync(solution, JSON.stringify({ ...accepted, provenance }));
    const run = spawnCli(['view', '--no-open', solution], {
      onOutput: (text) => {
        address ||= text.trim();
        void fetch(address, { redirect: 'manual' })
          .then(async (answer) => {
            const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
            const served = await fetch(new URL('/served.json', address), { headers: { cookie } });
            writeFileSync(log, await served.text());
          })
          .catch((error: unknown) => writeFileSync(log, String(error)));
      },
      interruptWhen: () => existsSync(log),
    });
    expect((await run).status).toBe(130);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\/[\w-]{32}$/);
    const served = JSON.parse(readFileSync(log, 'utf8')) as { images: unknown; solution: { name: string } };
    // Found beside the solution.
    expect(served.images).toEqual([
      { role: 'reference', name: image, url: 'files/0', georeference: null },
      { role: 'sensed', name: image, url: 'files/1', georeference: null },
    ]);
    expect(served.solution.name).toBe(solution);
  });
});
