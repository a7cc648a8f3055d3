import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, resamplePlane, transformPoint, translation } from '@tiepoint/geometry';
import { lookUpEpsg, openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Registration } from '../result/registration.js';
import { transformFromJson } from '../result/transform-json.js';
import { blobScene } from './testing/blob-scene.js';
import { spawnCli } from './testing/spawn-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-bands-'));
const at = (name: string): string => join(folder, name);
const side = 160;
const names = ['blue', 'green', 'red edge'];
/** Where each band looks from, px of the scene beyond the margin. */
const shifts = [
  [0, 0],
  [3.25, -2.5],
  [-4.5, 5.75],
] as const;
const margin = 12;

function bandsOf(seed: number): Float32Array[] {
  const wide = side + 2 * margin;
  const data = blobScene(wide, wide, seed);
  const random = createRandom(seed);
  return shifts.map(([x, y], i) => {
    const looks = data.map((v) => (i === 2 ? 300 - v : v * (1 + i / 3)) + random.normal());
    const plane = { width: wide, height: wide, data: looks };
    return resamplePlane(plane, side, side, translation(margin + x, margin + y), { kernel: 'cubic' }).data;
  });
}

beforeAll(async () => {
  const georeference = {
    crs: await lookUpEpsg(32633),
    geotransform: [500_000, 2, 0, 4_000_000, 0, -2],
    origin: 'file',
  } as const;
  const bands = bandsOf(4);
  const size = { width: side, height: side, dataType: 'float32', georeference } as const;
  await writeGeoTiff(at('scene.tif'), { ...size, bands, bandDescriptions: names });
  for (const [i, band] of bands.entries()) await writeGeoTiff(at(`capture_${i + 1}.tif`), { ...size, bands: [band] });
  const noise = Float32Array.from({ length: side * side }, createRandom(9).normal);
  await writeGeoTiff(at('noise.tif'), { ...size, bands: [bands[0]!, noise] });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface BandsDocument {
  readonly verdict: string;
  readonly toBand: number;
  readonly output: string | null;
  readonly bands: readonly { readonly name: string; readonly registration: Registration | null }[];
}

/** How far each band's solution is from what its shift makes it, px. */
function errorsOf({ bands, toBand }: BandsDocument): readonly number[] {
  const [toX, toY] = shifts[toBand - 1]!;
  return bands.map(({ registration }, i) => {
    if (registration === null) return 0;
    const [x, y] = transformPoint(transformFromJson(registration)!, 80, 70);
    return Math.hypot(x - 80 - shifts[i]![0] + toX, y - 70 - shifts[i]![1] + toY);
  });
}

/** Correlation of two bands of a file in the middle, without what shifts bring in. */
async function correlation(path: string, a: number, b: number): Promise<number> {
  await using file = await openRaster(path);
  const inside = { x: 20, y: 20, width: side - 40, height: side - 40 };
  const [p, q] = (await file.readWindow({ bands: [a, b], window: inside })).data as [Float32Array, Float32Array];
  const mean = (of: Float32Array): number => of.reduce((sum, v) => sum + v, 0) / of.length;
  const [mp, mq] = [mean(p), mean(q)];
  const product = (u: Float32Array, mu: number, v: Float32Array, mv: number): number =>
    u.reduce((sum, value, i) => sum + (value - mu) * (v[i]! - mv), 0);
  return product(p, mp, q, mq) / Math.sqrt(product(p, mp, p, mp) * product(q, mq, q, mq));
}

describe('tiepoint register --bands', () => {
  it('lays all bands of a file on one and writes one file that GDAL reads', async () => {
    const run = await spawnCli(['register', '--bands', at('scene.tif'), at('out.tif'), '--to-band', 'Green', '--json']);
    expect(run.status, run.stderr).toBe(0);
    const found = JSON.parse(run.stdout) as BandsDocument;
    expect(found).toMatchObject({ verdict: 'accept', toBand: 2, output: at('out.tif') });
    expect(found.bands.map(({ name, registration }) => [name, registration?.verdict])).toEqual([
      ['blue', 'accept'],
      ['green', undefined],
      ['red edge', 'accept'],
    ]);
    for (const error of errorsOf(found)) expect(error).toBeLessThan(0.25);
    expect(found.bands[0]!.registration!.network).toMatchObject({ pairs: 2, checked: true });
    expect(await correlation(at('scene.tif'), 1, 3)).toBeGreaterThan(-0.8);
    expect(await correlation(at('out.tif'), 1, 3)).toBeLessThan(-0.95);
    await using before = await openRaster(at('scene.tif'));
    await using after = await openRaster(at('out.tif'));
    expect(after.bands.map(({ name }) => name)).toEqual(names);
    expect(after.georeference?.geotransform).toEqual(before.georeference?.geotransform);
    // The band that stays is not touched.
    const [own, written] = [await before.readWindow({ bands: [2] }), await after.readWindow({ bands: [2] })];
    expect(written.data[0]).toEqual(own.data[0]);
    if (spawnSync('gdalinfo', ['--version']).status !== 0) return;
    const info = JSON.parse(execFileSync('gdalinfo', ['-json', at('out.tif')], { encoding: 'utf8' })) as {
      readonly size: readonly number[];
      readonly bands: readonly { readonly description?: string; readonly type: string }[];
    };
    expect(info.size).toEqual([side, side]);
    expect(info.bands.map(({ description, type }) => [description, type])).toEqual(names.map((n) => [n, 'Float32']));
  });

  it('lays the files of one capture on one, under their names', async () => {
    const files = [1, 2, 3].map((n) => at(`capture_${n}.tif`));
    const run = await spawnCli(['register', '--bands', ...files, at('capture.tif'), '--neighbours', '0']);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/capture_1 +stays\n.*capture_2 +accept, CE90 0\.\d+ px\n.*capture_3 +accept/);
    await using written = await openRaster(at('capture.tif'));
    expect(written.bands.map(({ name }) => name)).toEqual(['capture_1', 'capture_2', 'capture_3']);
    expect(await correlation(at('capture.tif'), 1, 3)).toBeLessThan(-0.95);
  });

  it('writes nothing where a band is refused, and says which', async () => {
    const run = await spawnCli(['register', '--bands', at('noise.tif'), at('none.tif'), '--method', 'grid']);
    expect(run.status, run.stderr).toBe(4);
    expect(run.stdout).toMatch(/band 1 +stays\n.*band 2 +refuse: .*\n.*nothing is written/s);
    expect(existsSync(at('none.tif'))).toBe(false);
  });
});
