import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Geotransform, transformPoint } from '@tiepoint/geometry';
import { crsFromEpsg, type Georeference, openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobScene } from './cli/testing/blob-scene.js';
import type { RegisterOptions } from './inputs/register-options.js';
import { expectMendable } from './mend/mendable.test.support.js';
import { register } from './register.js';
import { transformFromJson } from './result/transform-json.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-mirrored-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const crs = crsFromEpsg(32633, 'projected');
const [side, pixel, west, north] = [320, 10, 500_000, 5_000_000] as const;
/** What the sensed images' georeferences are wrong by, px of the reference. */
const shift = [5, -4] as const;

type Turn = (x: number, y: number) => readonly [number, number];
/** Scene pixel of a pixel of each image. */
const turns: Readonly<Record<string, Turn>> = {
  'rows that run north': (x, y) => [x, side - y],
  'columns that run west': (x, y) => [side - x, y],
  transposed: (x, y) => [y, x],
};

function georeferenceOf(turn: Turn, offset: readonly [number, number]): Georeference {
  const place = (x: number, y: number): [number, number] => {
    const [u, v] = turn(x, y);
    return [west + (u + offset[0]) * pixel, north - (v + offset[1]) * pixel];
  };
  const [[x0, y0], [x1, y1], [x2, y2]] = [place(0, 0), place(1, 0), place(0, 1)];
  const geotransform: Geotransform = [x0, x1 - x0, x2 - x0, y0, y1 - y0, y2 - y0];
  return { crs, geotransform, origin: 'file' };
}

async function write(name: string, turn: Turn, offset: readonly [number, number]): Promise<void> {
  const scene = blobScene(side, side, 3);
  const data = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [u, v] = turn(x + 0.5, y + 0.5);
      data[y * side + x] = scene[Math.floor(v) * side + Math.floor(u)]!;
    }
  }
  const georeference = georeferenceOf(turn, offset);
  await writeGeoTiff(at(name), { width: side, height: side, bands: [data], dataType: 'float32', georeference });
}

beforeAll(async () => {
  await write('plain.tif', (x, y) => [x, y], [0, 0]);
  await write('plain-off.tif', (x, y) => [x, y], shift);
  for (const [name, turn] of Object.entries(turns)) {
    await write(`${name}.tif`, turn, shift);
    await write(`${name} right.tif`, turn, [0, 0]);
  }
});

/** The greatest distance of where pixels of the sensed image are put from where the scene has them, px. */
async function worst(
  reference: string,
  sensed: string,
  fixed: Turn,
  moving: Turn,
  options: RegisterOptions = {},
): Promise<number> {
  await using a = await openRaster(at(reference));
  await using b = await openRaster(at(sensed));
  const result = await register(a, b, options);
  const { registration, tiePoints } = result;
  expect(registration.verdict, registration.reasons.join('; ')).toBe('accept');
  const transform = transformFromJson(registration)!;
  const errors = [40, 160, 280].flatMap((y) =>
    [40, 160, 280].map((x) => {
      const [u, v] = fixed(...transformPoint(transform, x, y));
      const [s, t] = moving(x, y);
      return Math.hypot(u - s, v - t);
    }),
  );
  for (const { sensed: from, reference: to, inlier } of tiePoints) {
    const [u, v] = transformPoint(transform, ...from);
    if (inlier) expect(Math.hypot(u - to[0], v - to[1])).toBeLessThan(3);
  }
  // Turns are their own inverses.
  expectMendable(result, (x, y) => fixed(...moving(x, y)), 0.5);
  return Math.max(...errors);
}

const same: Turn = (x, y) => [x, y];

describe('images that the georeferences mirror', () => {
  it('transposed: as the sensed image', async () => {
    expect(await worst('plain.tif', 'transposed.tif', same, turns['transposed']!)).toBeLessThan(0.5);
  });
  it('rows that run north: as the reference', async () => {
    const [name, turn] = ['rows that run north', turns['rows that run north']!];
    expect(await worst(`${name} right.tif`, 'plain-off.tif', turn, same)).toBeLessThan(0.5);
  });
  it('as the caller says, where no georeference is used', async () => {
    const [name, turn] = ['columns that run west', turns['columns that run west']!];
    const options = { georeference: false, mirrored: true };
    expect(await worst('plain.tif', `${name}.tif`, same, turn, options)).toBeLessThan(0.5);
  });
  it('both run north: nothing is mirrored', async () => {
    const [name, turn] = ['rows that run north', turns['rows that run north']!];
    expect(await worst(`${name} right.tif`, `${name}.tif`, turn, turn)).toBeLessThan(0.5);
  });
});
