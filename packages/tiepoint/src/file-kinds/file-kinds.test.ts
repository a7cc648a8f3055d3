import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEngine } from '@tiepoint/matching';
import { transformPoint } from '@tiepoint/geometry';
import { bandValidity, openRaster, parseCrs, type RasterFile, transformerBetween, warp } from '@tiepoint/raster';
import { afterAll, describe, expect, test } from 'vitest';
import { register } from '../register.js';
import { transformFromJson } from '../result/transform-json.js';
import { fileKinds, testedElsewhere } from './kinds.test.support.js';

/** What GDAL and PROJ say of a file, and where it truly lies. */
interface Answer {
  readonly path: string;
  readonly band: string | null;
  readonly reference: string;
  /** Pixels of the file and of the reference that show the same place. */
  readonly truth: readonly (readonly [number, number, number, number])[];
  readonly width: number;
  readonly height: number;
  readonly bands: readonly { readonly scale: number; readonly offset: number }[];
  readonly geotransform: readonly number[] | null;
  /** Longitudes and latitudes of the corners, rows from above. */
  readonly corners: readonly (readonly [number, number])[] | null;
  readonly overviews: number;
  readonly anyOverviews?: boolean;
  readonly palette?: boolean;
  readonly placedByRpc?: boolean;
}

const python = '/usr/bin/python3';
const hasGdal = spawnSync(python, ['-c', 'from osgeo import gdal; import numpy']).status === 0;
if (!hasGdal) process.stderr.write('note: GDAL is not installed; the kinds of files are not compared with it\n');

const folder = mkdtempSync(join(tmpdir(), 'file-kinds-'));
const engine = createEngine({ threads: 1 });
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

function makeFiles(): Readonly<Record<string, Answer>> {
  const script = fileURLToPath(new URL('../../oracle/file_kinds.py', import.meta.url));
  const made = spawnSync(python, ['-B', script, folder], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, Answer>;
}

function bytesOf(name: string): ArrayBuffer {
  return new Uint8Array(readFileSync(join(folder, name))).buffer;
}

async function compareSamples(file: RasterFile, answer: Answer, name: string, tolerance: number): Promise<void> {
  const [samples, masks] = [new Float64Array(bytesOf(`${name}.samples`)), new Uint8Array(bytesOf(`${name}.masks`))];
  const count = answer.width * answer.height;
  const read = await file.readWindow({ bands: file.bands.map(({ index }) => index) });
  for (const [b, data] of read.data.entries()) {
    const { dataType, nodata, scale, offset } = file.bands[b]!;
    expect([scale, offset]).toEqual([answer.bands[b]!.scale, answer.bands[b]!.offset]);
    const valid = bandValidity(data, dataType, nodata, read.mask ?? null);
    let [worst, wrong] = [0, 0];
    for (let i = 0; i < count; i++) {
      const due = samples[b * count + i]!;
      // What is not finite, or stands at the end of the range, is not valid here, whatever GDAL says.
      const isDue = masks[b * count + i] !== 0 && Math.abs(due) < 3.4e38;
      // Magnitudes of complex samples differ in the last bit of single precision.
      if (isDue) worst = Math.max(worst, Math.abs(data[i]! - due) - 2e-7 * Math.abs(due));
      if ((valid?.[i] ?? 1) !== Number(isDue)) wrong++;
    }
    expect(worst, `samples of band ${b + 1}`).toBeLessThanOrEqual(tolerance);
    expect(wrong, `validity of band ${b + 1}`).toBe(0);
  }
}

async function comparePlace(file: RasterFile, { geotransform, corners }: Answer, metres: number): Promise<void> {
  expect(file.georeference?.geotransform).toEqual(geotransform!.map((due) => expect.closeTo(due, 6)));
  const { width, height } = file;
  const [x0, a, b, y0, d, e] = file.georeference!.geotransform;
  const pixels = [0, 1].flatMap((row) => [0, 1].map((column) => [column * width, row * height] as const));
  const points = Float64Array.from(pixels.flatMap(([x, y]) => [x0 + a * x + b * y, y0 + d * x + e * y]));
  const options = { approximate: true };
  (await transformerBetween(file.georeference!.crs!, await parseCrs('EPSG:4326'), options)).forward(points);
  for (const [i, [lon, lat]] of corners!.entries()) {
    const east = (points[2 * i]! - lon) * Math.cos((lat * Math.PI) / 180);
    expect(Math.hypot(east, points[2 * i + 1]! - lat) * 111_320).toBeLessThan(metres);
  }
}

/** The part of pixels on the reference's grid that are as GDAL warps them. */
async function alikeWarped(file: RasterFile, reference: RasterFile, name: string, index: number): Promise<number> {
  const output = join(folder, `warped-${index}.tif`);
  const { width, height, georeference } = reference;
  const grid = { width, height, georeference };
  const writing = { overviews: false, threads: 0, overwrite: true } as const;
  await warp(file, output, { ...writing, grid, bands: [1], resampling: 'nearest', errorThreshold: 0 });
  await using warped = await openRaster(output);
  const { data, mask } = await warped.readWindow({ bands: [1] });
  const { dataType, nodata } = warped.bands[0]!;
  const valid = bandValidity(data[0]!, dataType, nodata, mask ?? null);
  const due = new Float64Array(bytesOf(`${name}.warped`));
  const count = width * height;
  let alike = 0;
  for (let i = 0; i < count; i++) {
    const isDue = due[count + i] !== 0;
    if (isDue === (valid?.[i] !== 0) && (!isDue || data[0]![i] === due[i])) alike++;
  }
  return alike / count;
}

test('what is tested elsewhere is tested there', () => {
  const packages = new URL('../../../', import.meta.url);
  const missing = Object.values(testedElsewhere).filter((path) => !existsSync(new URL(path, packages)));
  expect(missing).toEqual([]);
});

describe.skipIf(!hasGdal)('kinds of files, against GDAL and PROJ', () => {
  const answers = hasGdal ? makeFiles() : {};

  test('each is made, and each is asked of', () => {
    expect(Object.keys(answers).toSorted()).toEqual(fileKinds.map(({ name }) => name).toSorted());
  });

  describe.each(fileKinds)('$name', ({ name, samples, placed, register: within = 0.75, warp: alike = 0.995 }) => {
    const open = (): Promise<RasterFile> => openRaster(answers[name]!.path, { band: answers[name]!.band ?? undefined });

    test('read', async () => {
      const answer = answers[name]!;
      await using file = await open();
      expect([file.width, file.height, file.bands.length]).toEqual([answer.width, answer.height, answer.bands.length]);
      if (!answer.anyOverviews) expect(file.overviews.length).toBe(answer.overviews);
      if (answer.palette) expect(file.bands[0]!.colorTable).toHaveLength(256);
      await compareSamples(file, answer, name, samples ?? 0);
      // GDAL has no geotransform of RPCs.
      if (!answer.placedByRpc) await comparePlace(file, answer, placed ?? 0.1);
    });

    test.skipIf(typeof within === 'string')(
      typeof within === 'string' ? `register ${within}` : 'register',
      async () => {
        const { truth, reference: path } = answers[name]!;
        await using reference = await openRaster(path);
        await using sensed = await open();
        const { registration } = await register(reference, sensed, { model: 'affine', method: 'grid', engine });
        expect(registration.verdict, registration.reasons.join('; ')).toBe('accept');
        const transform = transformFromJson(registration)!;
        for (const [x, y, u, v] of truth) {
          const [p, q] = transformPoint(transform, x, y);
          expect(Math.hypot(p - u, q - v), `${x}, ${y}`).toBeLessThan(Number(within));
        }
      },
    );

    test.skipIf(typeof alike === 'string')(typeof alike === 'string' ? `warp ${alike}` : 'warp', async () => {
      await using reference = await openRaster(answers[name]!.reference);
      await using file = await open();
      const index = fileKinds.findIndex((one) => one.name === name);
      expect(await alikeWarped(file, reference, name, index)).toBeGreaterThan(Number(alike));
    });
  });
});
