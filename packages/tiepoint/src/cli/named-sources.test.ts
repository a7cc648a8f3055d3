import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformPoint } from '@tiepoint/geometry';
import { crsFromEpsg, writeGeoTiff } from '@tiepoint/raster';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Registration } from '../result/registration.js';
import { transformFromJson } from '../result/transform-json.js';
import { blobScene } from './testing/blob-scene.js';
import { spawnCli } from './testing/spawn-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-named-'));
const at = (name: string): string => join(folder, name);
let server: Server;
let host = '';
let asked: string[] = [];

const zoom = 14;
const half = 20_037_508.342789244;
const pixel = (2 * half) / (256 * 2 ** zoom);
/** The map has ground on 3 × 3 tiles from here on. */
const [firstColumn, firstRow] = [8900, 5700];
const side = 768;
const scene = blobScene(side, side, 21);
/** What the sensed image is placed wrongly by, px. */
const shift = [5, -3] as const;
const sensedSide = 384;

function grey(x: number, y: number): number {
  return Math.max(0, Math.min(255, Math.round(scene[y * side + x]!)));
}

async function tileOf(column: number, row: number): Promise<Buffer> {
  const data = Uint8Array.from({ length: 256 * 256 }, (_, i) =>
    grey((column - firstColumn) * 256 + (i % 256), (row - firstRow) * 256 + Math.floor(i / 256)),
  );
  return sharp(data, { raw: { width: 256, height: 256, channels: 1 } })
    .png()
    .toBuffer();
}

beforeAll(async () => {
  const [x0, y0] = [firstColumn * 256 + 190, firstRow * 256 + 180];
  await writeGeoTiff(at('sensed.tif'), {
    width: sensedSide,
    height: sensedSide,
    dataType: 'uint8',
    bands: [
      Uint8Array.from({ length: sensedSide ** 2 }, (_, i) =>
        grey(190 + shift[0] + (i % sensedSide), 180 + shift[1] + Math.floor(i / sensedSide)),
      ),
    ],
    georeference: {
      crs: crsFromEpsg(3857, 'projected'),
      geotransform: [x0 * pixel - half, pixel, 0, half - y0 * pixel, 0, -pixel],
      origin: 'file',
    },
  });
  const image = readFileSync(at('sensed.tif'));
  server = createServer((request, response) => {
    asked.push(request.url!);
    const url = new URL(request.url!, 'http://host');
    const [, column, row] = /^\/14\/(\d+)\/(\d+)\.png$/.exec(url.pathname)?.map(Number) ?? [];
    const inside = [column! - firstColumn, row! - firstRow].every((n) => n >= 0 && n < 3);
    const answer = async (): Promise<void> => {
      if (url.pathname === '/collections/c/items/scene') {
        response.end(request.headers.authorization === 'Bearer SECRET' ? item : '{}');
      } else if (url.pathname === '/asset.tif' && url.searchParams.get('token') === 'SECRET') {
        const [first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range!)!.slice(1).map(Number) as [
          number,
          number,
        ];
        const part = image.subarray(first, last + 1);
        response.writeHead(206, { 'content-range': `bytes ${first}-${first + part.length - 1}/${image.length}` });
        response.end(part);
      } else if (inside && url.searchParams.get('key') === 'SECRET') response.end(await tileOf(column!, row!));
      else response.writeHead(404).end();
    };
    void answer();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const item = JSON.stringify({
  type: 'Feature',
  stac_version: '1.0.0',
  id: 'scene',
  geometry: null,
  properties: { datetime: '2024-01-01T00:00:00Z' },
  links: [],
  assets: { B04: { href: '/asset.tif', type: 'image/tiff' }, thumbnail: { href: '/thumb.png' } },
});

it('a map of tiles is a reference: what covers the image is asked for, and warp needs no tile again', async () => {
  asked = [];
  const name = `xyz:${host}/{z}/{x}/{y}.png?key=SECRET`;
  const outputs = ['--solution', at('solution.json'), '--report', at('report.html')];
  const args = [
    'register',
    name,
    at('sensed.tif'),
    at('out.tif'),
    '--zoom',
    String(zoom),
    '--weights',
    'none',
    ...outputs,
  ];
  const { status, stdout, stderr } = await spawnCli(args);
  expect([0, 5], stderr + stdout).toContain(status);
  const tiles = new Set(asked);
  expect(tiles.size).toBe(9);
  expect([...tiles].every((url) => url.startsWith(`/${zoom}/`) && url.endsWith('?key=SECRET'))).toBe(true);
  // All nine once, and the middle one before, for its size.
  expect(asked.length).toBeLessThanOrEqual(10);
  const text = readFileSync(at('solution.json'), 'utf8');
  for (const written of [text, readFileSync(at('report.html'), 'utf8'), stdout, stderr]) {
    expect(written).not.toContain('SECRET');
  }
  const solution = JSON.parse(text) as Registration;
  const found = solution.provenance.inputs.find(({ role }) => role === 'reference')!.source;
  const [, left, top] = /window=(\d+),(\d+)/.exec(found)!.map(Number);
  const [x, y] = transformPoint(transformFromJson(solution)!, 100, 200);
  expect(x).toBeCloseTo(firstColumn * 256 + 190 + shift[0] + 100 - left!, 0);
  expect(y).toBeCloseTo(firstRow * 256 + 180 + shift[1] + 200 - top!, 0);
  asked = [];
  const again = await spawnCli(['warp', at('sensed.tif'), at('again.tif'), '--solution', at('solution.json')]);
  expect(again.status, again.stderr).toBe(0);
  expect(asked).toEqual([]);
  expect(readFileSync(at('again.tif')).length).toBe(readFileSync(at('out.tif')).length);
});

it('an asset of a STAC item is an image, signed by a module and called by its item', async () => {
  writeFileSync(
    at('signer.mjs'),
    'export default { name: "test", matches: (url) => url.pathname.endsWith("asset.tif"), sign: async (url) => `${url.href}?token=SECRET` };',
  );
  const env = { ...process.env, TIEPOINT_SIGNER: at('signer.mjs'), GDAL_HTTP_BEARER: 'SECRET' };
  for (const args of [['?f=json#B04'], ['']]) {
    const { status, stdout, stderr } = await spawnCli(
      ['info', `${host}/collections/c/items/scene${args[0]}`, '--json'],
      { env },
    );
    expect(status, stderr).toBe(0);
    const found = JSON.parse(stdout) as { source: string; width: number };
    expect(found.width).toBe(sensedSide);
    expect(found.source).toBe(`${host}/collections/c/items/scene${args[0] === '' ? '' : '#B04'}`);
    expect(stdout + stderr).not.toContain('SECRET');
  }
  writeFileSync(at('item.json'), item.replace('/asset.tif', './sensed.tif'));
  const local = await spawnCli(['info', `${at('item.json')}#B04`]);
  expect([local.status, local.stdout]).toEqual([0, expect.stringContaining('384 × 384 px')]);
  expect((await spawnCli(['info', at('item.json')])).stdout).toContain('384 × 384 px');
  const missing = await spawnCli(['info', `${at('item.json')}#B99`]);
  expect(missing.stderr).toMatch(/item scene has no asset "B99"/);
});
