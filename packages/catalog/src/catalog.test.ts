import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSigner, chooseAsset, pairItems, type ReadItem, readItems, searchItems, signHref } from './index.js';
import { overlapShare } from './overlap.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-catalog-'));
let server: Server;
let origin = '';
const asked: { path: string; body: string }[] = [];

function item(
  id: string,
  [west, south, size]: readonly [number, number, number],
  datetime: string,
  extra: object = {},
): object {
  const ring = [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ];
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    geometry: { type: 'Polygon', coordinates: [ring] },
    bbox: [west, south, west + size, south + size],
    properties: { datetime },
    links: [],
    assets: {
      thumbnail: { href: './thumb.png', type: 'image/png', roles: ['thumbnail'] },
      B04: { href: './B04.tif', type: 'image/tiff; application=geotiff', roles: ['data'] },
      visual: { href: 'visual.tif', type: 'image/tiff; application=geotiff', roles: ['visual'] },
    },
    ...extra,
  };
}

/** Five items in pages of two, by POST with links that build on the search before. */
function search(body: string): object {
  const { token = 0, ...rest } = JSON.parse(body) as { token?: number };
  if (Object.keys(rest).length === 0) return { code: 'BadRequest' };
  const features = [0, 1, 2, 3, 4]
    .slice(token, token + 2)
    .map((i) => item(`found-${i}`, [i, 0, 1], '2024-01-01T00:00:00Z'));
  const next = { rel: 'next', href: `${origin}/api/search`, method: 'POST', merge: true, body: { token: token + 2 } };
  return { type: 'FeatureCollection', features, links: token + 2 < 5 ? [next] : [] };
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      const path = request.url ?? '';
      asked.push({ path, body });
      const answers: Readonly<Record<string, () => object>> = {
        '/api/search': () => search(body),
        '/c/collection.json': () => ({
          type: 'Collection',
          stac_version: '1.0.0',
          id: 'c',
          links: [
            { rel: 'child', href: './below/catalog.json' },
            { rel: 'item', href: 'items/a.json' },
          ],
        }),
        // Its link back up runs in a circle.
        '/c/below/catalog.json': () => ({
          type: 'Catalog',
          stac_version: '1.0.0',
          id: 'below',
          links: [
            { rel: 'child', href: '../collection.json' },
            { rel: 'item', href: './b.json' },
          ],
        }),
        '/c/items/a.json': () => item('a', [0, 0, 1], '2024-01-01T00:00:00Z'),
        '/c/below/b.json': () => item('b', [0, 0, 1], '2024-01-01T00:00:00Z'),
        '/token/account/container': () => ({ token: 'sv=1&sig=secret', 'msft:expiry': '2999-01-01T00:00:00Z' }),
      };
      const answer = answers[path];
      response.statusCode = answer === undefined ? 404 : 200;
      response.end(JSON.stringify(answer?.() ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  server.close();
});

const ids = (items: readonly ReadItem[]): readonly string[] => items.map((one) => one.item.id);

describe('reading', () => {
  it('searches an API page by page, with its own kind of links, up to a limit', async () => {
    const asking = { collections: ['s2'], bbox: [0, 0, 5, 1], datetime: '2024-01-01T00:00:00Z/..' };
    expect(ids(await searchItems(`${origin}/api`, asking))).toEqual([0, 1, 2, 3, 4].map((i) => `found-${i}`));
    expect(JSON.parse(asked.at(-1)!.body)).toEqual({ ...asking, limit: 100, token: 4 });
    expect(ids(await searchItems(`${origin}/api/search`, asking, { limit: 3 })).length).toBe(3);
  });

  it('goes through a collection and what is below it, once', async () => {
    const items = await readItems(`${origin}/c/collection.json`);
    expect(ids(items).toSorted()).toEqual(['a', 'b']);
    expect(chooseAsset(items.find((one) => one.item.id === 'b')!)).toBe(`${origin}/c/below/visual.tif`);
  });

  it('reads files, and says what is wrong where', async () => {
    mkdirSync(join(folder, 'items'));
    const write = (name: string, value: object): string => {
      writeFileSync(join(folder, name), JSON.stringify(value));
      return join(folder, name);
    };
    write('items/x.json', item('x', [0, 0, 1], '2024-01-01T00:00:00Z'));
    const path = write('collection.json', {
      type: 'Collection',
      stac_version: '1.0.0',
      id: 'c',
      links: [{ rel: 'item', href: './items/x.json' }],
    });
    const [found] = await readItems(path);
    expect(chooseAsset(found!, { name: 'B04' })).toBe(join(folder, 'items/B04.tif'));
    expect(chooseAsset(found!, { role: 'data' })).toBe(join(folder, 'items/B04.tif'));
    expect(() => chooseAsset(found!, { name: 'B99' })).toThrow(/item x has no asset "B99"/);
    const broken = write('broken.json', { type: 'FeatureCollection', features: [item('', [0, 0, 1], 'never')] });
    await expect(readItems(broken)).rejects.toThrow(/broken\.json, item 1: is no valid STAC item: id/);
    await expect(readItems(join(folder, 'nowhere.json'))).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(readItems(`${origin}/nowhere`)).rejects.toMatchObject({ code: 'url-unreadable', value: 404 });
  });
});

describe('pairing', () => {
  const read = (value: object): ReadItem => ({ item: value as ReadItem['item'], base: '/x.json' });
  const scene = read(item('scene', [0, 0, 2], '2024-06-01T00:00:00Z'));

  it('measures the overlap of footprints, not of their boxes', () => {
    const half = read(item('half', [1, 0, 2], '2024-06-01T00:00:00Z'));
    expect(overlapShare(scene, half)).toBeCloseTo(0.5);
    const diamond = {
      type: 'Polygon',
      coordinates: [
        [
          [1, 0],
          [2, 1],
          [1, 2],
          [0, 1],
          [1, 0],
        ],
      ],
    };
    expect(overlapShare(scene, read({ ...item('d', [0, 0, 2], ''), geometry: diamond }))).toBeCloseTo(0.5);
    // Clockwise, as many providers write them.
    const turned = { ...diamond, coordinates: diamond.coordinates.map((ring) => ring.toReversed()) };
    expect(overlapShare(scene, read({ ...item('t', [0, 0, 2], ''), geometry: turned }))).toBeCloseTo(0.5);
    expect(overlapShare(scene, read(item('apart', [5, 5, 1], '')))).toBe(0);
  });

  it('takes the most overlap first and the nearest time among equals', () => {
    const references = [
      read(item('old', [0, 0, 2], '2020-06-01T00:00:00Z')),
      read(item('near', [0.02, 0, 2], '2024-05-01T00:00:00Z')),
      read(item('same-day-but-half', [1, 0, 2], '2024-06-01T00:00:00Z')),
    ];
    expect(pairItems([scene], references)[0]!.reference?.item.id).toBe('near');
    expect(pairItems([read(item('far', [50, 0, 1], ''))], references)[0]!.reference).toBeNull();
  });
});

describe('signing', () => {
  it("asks the Planetary Computer's endpoint once a container, and signs nothing else", async () => {
    process.env['PC_SDK_SAS_URL'] = `${origin}/token`;
    const before = asked.length;
    const href = 'https://account.blob.core.windows.net/container/a/b.tif';
    expect(await signHref(href)).toBe(`${href}?sv=1&sig=secret`);
    expect(await signHref(`${href}?x=1`)).toBe(`${href}?x=1&sv=1&sig=secret`);
    expect(asked.length).toBe(before + 1);
    expect(await signHref('https://other.blob.core.windows.net/public/a.tif')).toBe(
      'https://other.blob.core.windows.net/public/a.tif',
    );
    expect(await signHref(`${href}?sig=own`)).toBe(`${href}?sig=own`);
    expect(await signHref('https://example.org/a.tif')).toBe('https://example.org/a.tif');
    addSigner({ name: 'x', matches: ({ host }) => host === 'example.org', sign: async (url) => `${url.href}?signed` });
    expect(await signHref('https://example.org/a.tif')).toBe('https://example.org/a.tif?signed');
  });
});
