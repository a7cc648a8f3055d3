import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { readItems } from '@tiepoint/catalog';
import * as z from 'zod';
import { quickOptions, writeScenePairs } from './testing/scene-pairs.js';
import { runCli } from './testing/spawn-batch.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-stac-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** What STAC 1.0.0 and the extensions that are named ask of an item, as far as it bears on those written here. */
const strictItem = z.looseObject({
  type: z.literal('Feature'),
  stac_version: z.literal('1.0.0'),
  stac_extensions: z.array(z.url()).length(5),
  id: z.string().min(1),
  collection: z.string(),
  bbox: z.array(z.number()).length(4),
  geometry: z.object({
    type: z.literal('Polygon'),
    coordinates: z.array(z.array(z.tuple([z.number(), z.number()])).min(4)),
  }),
  properties: z.looseObject({
    datetime: z.iso.datetime(),
    'proj:epsg': z.int(),
    'proj:shape': z.tuple([z.int(), z.int()]),
    'proj:transform': z.array(z.number()).length(6),
    'processing:software': z.record(z.string(), z.string()),
    'processing:lineage': z.string(),
    'accuracy:geometric_x_stddev': z.number().positive(),
    'accuracy:geometric_y_stddev': z.number().positive(),
    'accuracy:geometric_rmse': z.number().positive(),
  }),
  links: z.array(z.object({ rel: z.string(), href: z.string(), type: z.string().optional() })),
  assets: z.record(
    z.string(),
    z.looseObject({
      href: z.string(),
      type: z.string(),
      roles: z.array(z.string()),
      'file:size': z.int().optional(),
      'file:checksum': z
        .string()
        .regex(/^1220[0-9a-f]{64}$/)
        .optional(),
      'raster:bands': z.array(z.looseObject({ data_type: z.literal('float32') })).optional(),
    }),
  ),
});

it('takes pairs from items, and writes what it registered as items again', async () => {
  const pairs = await writeScenePairs(at('in'), 2);
  const square = (i: number, role: string, asset: string): object => {
    const west = 15 + 0.024 * i;
    const ring = [
      [west, 41.5],
      [west + 0.015, 41.5],
      [west + 0.015, 41.51],
      [west, 41.51],
      [west, 41.5],
    ];
    return {
      type: 'Feature',
      stac_version: '1.0.0',
      id: `${role}-${i}`,
      geometry: { type: 'Polygon', coordinates: [ring] },
      properties: { datetime: `2023-0${i + 1}-01T00:00:00Z` },
      links: [{ rel: 'self', href: `https://example.org/${role}-${i}` }],
      assets: { image: { href: pathToFileURL(asset).href, type: 'image/tiff', roles: ['data'] } },
    };
  };
  const collection = (role: string, key: 'reference' | 'sensed'): string => {
    const features = pairs.map((pair, i) => square(i, role, pair[key]));
    writeFileSync(at(`${role}.json`), JSON.stringify({ type: 'FeatureCollection', features }));
    return at(`${role}.json`);
  };
  const options = Object.entries(quickOptions).flatMap(([name, value]) => [`--${name}`, value]);
  const run = await runCli([
    'batch',
    collection('radar', 'sensed'),
    '--reference-collection',
    collection('optical', 'reference'),
    '--asset-role',
    'data',
    '--output-folder',
    at('out'),
    '--stac',
    at('out/catalogue'),
    '--reports',
    ...options,
  ]);
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);

  const [first, second] = await readItems(at('out/catalogue/collection.json'));
  expect([first!.item.id, second!.item.id]).toEqual(['radar-0', 'radar-1']);
  for (const [i, { item, base }] of [first!, second!].entries()) {
    const checked = strictItem.parse(JSON.parse(readFileSync(base, 'utf8')));
    expect(checked.properties.datetime).toBe(`2023-0${i + 1}-01T00:00:00.000Z`);
    expect(checked.properties['proj:epsg']).toBe(32633);
    expect(checked.properties['proj:transform']).toEqual([10, 0, 500_000 + 2000 * i, 0, -10, 4_600_000]);
    const derived = item.links.filter(({ rel }) => rel === 'derived_from').map(({ href }) => href);
    expect(derived).toEqual([`https://example.org/radar-${i}`, `https://example.org/optical-${i}`]);
    // Metres: 10 m a px, and px as the solution says.
    const { accuracy } = JSON.parse(readFileSync(at(`out/radar-${i}-solution.json`), 'utf8')) as {
      accuracy: { checkRmse: number; predictedSd: number };
    };
    expect(checked.properties['accuracy:geometric_rmse'] / accuracy.checkRmse).toBeCloseTo(10, 1);
    expect(checked.properties['accuracy:geometric_x_stddev'] / accuracy.predictedSd).toBeCloseTo(10, 1);
    for (const { href, 'file:checksum': sum } of Object.values(checked.assets)) {
      const bytes = readFileSync(resolve(dirname(base), href));
      if (sum !== undefined) expect(sum).toBe(`1220${createHash('sha256').update(bytes).digest('hex')}`);
    }
    const [west] = checked.bbox;
    expect(west).toBeCloseTo(15 + 0.024 * i, 2);
  }
  const document = JSON.parse(readFileSync(at('out/catalogue/collection.json'), 'utf8')) as {
    extent: { temporal: { interval: string[][] } };
    links: { href: string }[];
  };
  expect(document.extent.temporal.interval).toEqual([['2023-01-01T00:00:00.000Z', '2023-02-01T00:00:00.000Z']]);
  expect(readdirSync(at('out/catalogue/items'))).toEqual(['radar-0.json', 'radar-1.json']);
});
