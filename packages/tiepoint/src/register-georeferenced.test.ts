import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Transform, transformPoint, type Geotransform } from '@tiepoint/geometry';
import {
  type Crs,
  type Georeference,
  openRaster,
  pixelToMap,
  type RasterFile,
  transformerBetween,
  warp,
  type WarpOptions,
  writeGeoTiff,
} from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobScene } from './cli/testing/blob-scene.js';
import { spawnCli } from './cli/testing/spawn-cli.js';
import { transformFromJson } from './result/transform-json.js';
import { register } from './register.js';
import type { Registration } from './result/registration.js';

const hasGdalinfo = spawnSync('gdalinfo', ['--version']).status === 0;
if (!hasGdalinfo) process.stderr.write('note: gdalinfo is not installed; outputs are not checked by it\n');

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-georeferenced-'));
const at = (name: string): string => join(folder, name);

/** On the border of zones 33 and 34, where the grids of both are turned against each other by 4°. */
const zone33: Crs = { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' };
const [west, north, pixel] = [748_000, 4_604_000, 10] as const;
/** What the sensed images' georeferences are wrong by, metres in zone 33. */
const offset = [23, -17] as const;
/** The scene reaches this far beyond the reference on every side, px. */
const rim = 60;
const side = 320;

const northUp = (x: number, y: number): Georeference => ({
  crs: zone33,
  geotransform: [x, pixel, 0, y, 0, -pixel],
  origin: 'file',
});

/** A mosaic of blob scenes. */
function mosaic(width: number, height: number, seed: number): Float32Array {
  const tile = 260;
  const data = new Float32Array(width * height);
  for (let ty = 0; ty < height; ty += tile) {
    for (let tx = 0; tx < width; tx += tile) {
      const part = blobScene(tile, tile, seed + ty * 7 + tx);
      for (let y = ty; y < Math.min(height, ty + tile); y++) {
        const columns = Math.min(tile, width - tx);
        data.set(part.subarray((y - ty) * tile, (y - ty) * tile + columns), y * width + tx);
      }
    }
  }
  return data;
}

function cut(data: Float32Array, stride: number, x: number, y: number, width: number, height: number): Float32Array {
  const part = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    part.set(data.subarray((y + row) * stride + x, (y + row) * stride + x + width), row * width);
  }
  return part;
}

/**
 * Where sensed pixels belong on the reference by their georeferences, less the offset; and where the transform puts them.
 * @returns distances in px of the reference, of those check points that lie on it
 */
async function errorsOf(reference: RasterFile, sensed: RasterFile, transform: Transform): Promise<number[]> {
  const { crs, geotransform } = sensed.georeference!;
  const toZone33 = await transformerBetween(crs!, zone33);
  const origin = reference.georeference!.geotransform;
  const errors: number[] = [];
  for (let row = 0; row <= 20; row++) {
    for (let column = 0; column <= 20; column++) {
      const [x, y] = [(column / 20) * sensed.width, (row / 20) * sensed.height];
      const ground = Float64Array.from(pixelToMap(geotransform, x, y));
      toZone33.forward(ground);
      const X = (ground[0]! - offset[0] - origin[0]) / pixel;
      const Y = (origin[3] - ground[1]! + offset[1]) / pixel;
      if (X < 0 || Y < 0 || X > reference.width || Y > reference.height) continue;
      const [px, py] = transformPoint(transform, x, y);
      errors.push(Math.hypot(px - X, py - Y));
    }
  }
  return errors;
}

interface GdalInfo {
  readonly size: readonly [number, number];
  readonly geoTransform: Geotransform;
  readonly stac: { readonly 'proj:epsg': number };
}

function expectGridOf(reference: RasterFile, output: string): void {
  if (!hasGdalinfo) return;
  const info = JSON.parse(execFileSync('gdalinfo', ['-json', output], { encoding: 'utf8' })) as GdalInfo;
  expect(info.size).toEqual([reference.width, reference.height]);
  expect(info.geoTransform).toEqual(reference.georeference!.geotransform);
  expect(info.stac['proj:epsg']).toBe(32633);
}

/** Correlation of two images where both are valid. */
async function correlation(first: RasterFile, second: RasterFile): Promise<number> {
  const [a, b] = [await first.readPlane(), await second.readPlane()];
  const both = Array.from(a.data.keys()).filter((i) => (a.mask?.[i] ?? 1) === 1 && (b.mask?.[i] ?? 1) === 1);
  const mean = (data: Float32Array): number => both.reduce((sum, i) => sum + data[i]!, 0) / both.length;
  const [ma, mb] = [mean(a.data), mean(b.data)];
  const product = (p: Float32Array, mp: number, q: Float32Array, mq: number): number =>
    both.reduce((sum, i) => sum + (p[i]! - mp) * (q[i]! - mq), 0);
  return product(a.data, ma, b.data, mb) / Math.sqrt(product(a.data, ma, a.data, ma) * product(b.data, mb, b.data, mb));
}

beforeAll(async () => {
  const wide = side + 2 * rim;
  const scene = mosaic(wide, wide, 1);
  await writeGeoTiff(at('reference.tif'), {
    width: side,
    height: side,
    bands: [cut(scene, wide, rim, rim, side, side)],
    dataType: 'uint8',
    georeference: northUp(west, north),
  });
  // What the sensed images are made from: bright is dark, and its georeference is wrong by the offset.
  await writeGeoTiff(at('other.tif'), {
    width: wide,
    height: wide,
    bands: [scene.map((v) => 4000 - 12 * v)],
    dataType: 'uint16',
    nodata: 0,
    georeference: northUp(west - rim * pixel + offset[0], north + rim * pixel + offset[1]),
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Makes a sensed image from the scene. */
const make = async (name: string, options: WarpOptions): Promise<void> => {
  await using other = await openRaster(at('other.tif'));
  await warp(other, at(name), { resampling: 'cubic', threads: 0, format: 'GTiff', ...options });
};

/** A grid of zone 33 turned about the middle of the reference, pixels of `size` metres. */
function turnedGrid(degrees: number, size: number): { width: number; height: number; georeference: Georeference } {
  const angle = (degrees * Math.PI) / 180;
  const [a, b] = [size * Math.cos(angle), size * Math.sin(angle)];
  const [middleX, middleY] = [west + (side * pixel) / 2, north - (side * pixel) / 2];
  const half = side / 2;
  const geotransform: Geotransform = [middleX - half * a - half * b, a, b, middleY - half * b + half * a, b, -a];
  return { width: side, height: side, georeference: { crs: zone33, geotransform, origin: 'file' } };
}

/** The sensed image without a wedge over three tenths of it. */
async function writeWedge(): Promise<void> {
  await make('whole.tif', { extent: [west, north - side * pixel, west + side * pixel, north], resolution: pixel });
  await using whole = await openRaster(at('whole.tif'));
  const { data } = await whole.readPlane();
  await writeGeoTiff(at('wedge.tif'), {
    width: side,
    height: side,
    bands: [data.map((v, i) => ((i % side) + 0.25 * Math.floor(i / side) < 0.425 * side ? 0 : v))],
    dataType: 'uint16',
    nodata: 0,
    georeference: whole.georeference,
  });
}

const cases: readonly [string, () => Promise<void>][] = [
  ['zone', () => make('zone.tif', { dstCrs: 'EPSG:32634' })],
  ['half', () => make('half.tif', { resolution: 2 * pixel, resampling: 'average' })],
  ['turned-fine', () => make('turned-fine.tif', { grid: turnedGrid(-75, 8) })],
  ['wedge', writeWedge],
];

/** Checks that registering finds where the sensed image really lies; returns the transform. */
async function expectOffsetFound(reference: RasterFile, sensed: RasterFile): Promise<Transform> {
  const { registration } = await register(reference, sensed);
  expect(registration.verdict, registration.reasons.join('; ')).toBe('accept');
  expect(registration.method).toBe('grid (georeference) + DLSM');
  // Metres on the ground, by the reference's system.
  const { ce90, ce90Metres } = registration.accuracy!;
  expect(ce90Metres! / ce90).toBeGreaterThan(9.9);
  expect(ce90Metres! / ce90).toBeLessThan(10.1);
  const transform = transformFromJson(registration)!;
  const errors = await errorsOf(reference, sensed, transform);
  expect(errors.length).toBeGreaterThan(100);
  expect(Math.max(...errors)).toBeLessThan(0.3);
  return transform;
}

describe('georeferenced pairs that differ in grid', () => {
  it.each(cases)('are registered: %s', async (name, prepare) => {
    await prepare();
    await using reference = await openRaster(at('reference.tif'));
    await using sensed = await openRaster(at(`${name}.tif`));
    const sensedToReference = await expectOffsetFound(reference, sensed);
    await warp(sensed, at(`${name}-out.tif`), { sensedToReference, reference, threads: 0 });
    expectGridOf(reference, at(`${name}-out.tif`));
    await using output = await openRaster(at(`${name}-out.tif`));
    expect(await correlation(reference, output)).toBeLessThan(-0.9);
  });

  it('are registered by the command line, which writes the grid of the reference', async () => {
    await make('sensed.tif', { dstCrs: 'EPSG:4326' });
    const files = [at('reference.tif'), at('sensed.tif'), at('out.tif')];
    const run = await spawnCli(['register', ...files, '--solution', at('solution.json'), '--quiet']);
    expect(run.status, run.stderr).toBe(0);
    await using reference = await openRaster(at('reference.tif'));
    await using sensed = await openRaster(at('sensed.tif'));
    const solution = JSON.parse(readFileSync(at('solution.json'), 'utf8')) as Registration;
    expect(Math.max(...(await errorsOf(reference, sensed, transformFromJson(solution)!)))).toBeLessThan(0.3);
    expectGridOf(reference, at('out.tif'));
    await using output = await openRaster(at('out.tif'));
    expect(output.georeference?.crs?.code).toBe('EPSG:32633');
    expect(await correlation(reference, output)).toBeLessThan(-0.9);
  });
});

describe('a small image and a large one', () => {
  const [large, small] = [1500, 300];
  /** The small image's place on the large one, px. */
  const [x, y] = [870, 340];

  beforeAll(async () => {
    const scene = mosaic(large, large, 9);
    const write = (name: string, size: number, data: Float32Array, georeference: Georeference): Promise<void> =>
      writeGeoTiff(at(name), { width: size, height: size, bands: [data], dataType: 'uint16', georeference });
    const part = cut(scene, large, x, y, small, small).map((v) => 4000 - 12 * v);
    await write('large.tif', large, scene, northUp(west - 9000, north));
    await write('part.tif', small, part, northUp(west - 9000 + x * pixel + offset[0], north - y * pixel + offset[1]));
    await write(
      'unrelated.tif',
      small,
      mosaic(small, small, 777_808),
      northUp(west - 9000 + x * pixel, north - y * pixel),
    );
  });

  it('are registered, and the accuracy is that of the part in common', async () => {
    await using reference = await openRaster(at('large.tif'));
    await using sensed = await openRaster(at('part.tif'));
    const { registration } = await register(reference, sensed);
    expect(registration.verdict, registration.reasons.join('; ')).toBe('accept');
    const errors = await errorsOf(reference, sensed, transformFromJson(registration)!);
    expect(errors).toHaveLength(441);
    expect(Math.max(...errors)).toBeLessThan(0.3);
    // Over the whole reference the transform is extrapolated to five times the width of the images' common part.
    expect(registration.accuracy!.predictedSd).toBeLessThan(0.12);
  });

  it('are registered the other way round', async () => {
    await using reference = await openRaster(at('part.tif'));
    await using sensed = await openRaster(at('large.tif'));
    const { registration } = await register(reference, sensed);
    expect(registration.verdict, registration.reasons.join('; ')).toBe('accept');
    const transform = transformFromJson(registration)!;
    for (const [X, Y] of [
      [0, 0],
      [small, 0],
      [0, small],
      [small, small],
    ] as const) {
      const [px, py] = transformPoint(transform, x + X, y + Y);
      expect(Math.hypot(px - X, py - Y)).toBeLessThan(0.3);
    }
  });

  it('are refused where they have nothing in common', async () => {
    await using reference = await openRaster(at('large.tif'));
    await using sensed = await openRaster(at('unrelated.tif'));
    expect((await register(reference, sensed, { method: 'grid' })).registration.verdict).toBe('refuse');
  });
});
