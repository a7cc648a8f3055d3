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
    let sent: Buffer | null = null;
    const input = (role: string, source: string) => ({ role, source, width: 20, height: 10 });
    const item = {
      type: 'Feature',
      stac_version: '1.0.0',
      id: 'a',
      geometry: null,
      properties: { datetime: '2024-01-01T00:00:00Z' },
      links: [],
      assets: { vv: { href: './image.tif', type: 'image/tiff' } },
    };
    writeFileSync(join(folder, 'item.json'), JSON.stringify(item));
    const solution = join(folder, 'solution.json');
    const provenance = { inputs: [input('reference', 'image.tif'), input('sensed', 'item.json#vv')] };
    writeFileSync(solution, JSON.stringify({ ...accepted, provenance }));
    const run = spawnCli(['view', '--no-open', solution], {
      onOutput: (text) => {
        address ||= text.trim();
        void fetch(address, { redirect: 'manual' })
          .then(async (answer) => {
            const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
            const served = await fetch(new URL('/served.json', address), { headers: { cookie } });
            const file = await fetch(new URL('/files/1', address), { headers: { cookie } });
            sent = Buffer.from(await file.arrayBuffer());
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
      { role: 'sensed', name: join(folder, 'item.json#vv'), url: 'files/1', georeference: null },
    ]);
    // The asset of the item, not the item.
    expect(sent).toEqual(readFileSync(image));
    expect(served.solution.name).toBe(solution);
  });
});
