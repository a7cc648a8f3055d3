import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformPoint } from '@tiepoint/geometry';
import { afterAll, describe, expect, test } from 'vitest';
import { straightened } from '../formats/straightened-file.js';
import { openRaster } from '../formats/open-raster.js';
import { hasGdal, runOracle } from '../gdal.test.support.js';
import { warp } from '../warp/warp.js';
import { bendOf } from './bend.js';
import { pixelToMap } from './geotransform.js';
import { pixelMapping } from './pixel-mapping.js';

type Answers = Readonly<
  Record<
    string,
    { readonly places: readonly (readonly [number, number, number, number])[]; readonly extent?: number[] }
  >
>;

const folder = hasGdal ? mkdtempSync(join(tmpdir(), 'bend-')) : '';
afterAll(() => (folder ? rm(folder, { recursive: true }) : undefined));
const at = (name: string): string => join(folder, name);

describe.skipIf(!hasGdal)('images that control points place', () => {
  const answers = hasGdal ? (JSON.parse(runOracle('control_points.py', folder)) as Answers) : {};

  test.each(['spline', 'polynomial', 'affine'])('%s: pixels lie where GDAL puts them', async (name) => {
    await using file = await openRaster(at(`${name}.tif`));
    const georeference = file.georeference!;
    const bend = bendOf(georeference);
    if (name === 'affine') expect(bend).toBe(null);
    else expect(bend!.text).toMatch({ spline: /thin-plate spline/, polynomial: /second degree/ }[name]!);
    for (const [x, y, mapX, mapY] of answers[name]!.places) {
      const straight = bend === null ? ([x, y] as const) : transformPoint(bend.toStraight, x, y);
      const [u, v] = pixelToMap(georeference.geotransform, ...straight);
      // A hundredth of a pixel of 10 m; both solve the same equations.
      expect(Math.hypot(u - mapX, v - mapY)).toBeLessThan(0.1);
    }
  });

  test('warp goes through the bend as gdalwarp -tps does', async () => {
    await using file = await openRaster(at('spline.tif'));
    const output = at('warped.tif');
    const [minX, minY, maxX, maxY] = answers['spline']!.extent as [number, number, number, number];
    const { warnings } = await warp(file, output, {
      dstCrs: 'EPSG:32633',
      extent: [minX, minY, maxX, maxY],
      resolution: 10,
      errorThreshold: 0,
      threads: 0,
    });
    expect(warnings.join()).toMatch(/thin-plate spline through 99 control points/);
    const bytes = readFileSync(at('spline.bin'));
    const due = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    await using warped = await openRaster(output);
    const plane = await warped.readPlane();
    expect(plane.data.length).toBe(due.length);
    const differences = Array.from(plane.data, (value, i) => Math.abs(value - due[i]!)).filter(Number.isFinite);
    expect(differences.length).toBeGreaterThan(0.8 * due.length);
    // GDAL fits a second spline from the map to pixels where this inverts the one: up to an eighth of a pixel between them.
    expect(Math.max(...differences)).toBeLessThan(1);
    expect(differences.reduce((sum, v) => sum + v, 0) / differences.length).toBeLessThan(0.2);
  });

  test('a straightened image lies where its geotransform says', async () => {
    await using file = await openRaster(at('spline.tif'));
    const straight = straightened(file, bendOf(file.georeference!)!);
    const window = { x: 60, y: 50, width: 200, height: 160 };
    const plane = await straight.readPlane({ window });
    await using warped = await openRaster(at('warped.tif'));
    const toWarped = await pixelMapping(straight.georeference!, warped.georeference!);
    const other = await warped.readPlane();
    let worst = 0;
    for (let y = 0; y < window.height; y += 7) {
      for (let x = 0; x < window.width; x += 7) {
        const point = Float64Array.of(window.x + x + 0.5, window.y + y + 0.5);
        toWarped(point);
        const nearest = other.data[Math.floor(point[1]!) * other.width + Math.floor(point[0]!)]!;
        worst = Math.max(worst, Math.abs(plane.data[y * window.width + x]! - nearest));
      }
    }
    // The scene changes by up to 5.4 a pixel, and the nearest one is half a pixel off; 18 px of bend would be 40.
    expect(worst).toBeLessThan(6);
  });

  test('pixels map through both bends and back', async () => {
    await using a = await openRaster(at('spline.tif'));
    await using b = await openRaster(at('polynomial.tif'));
    const points = Float64Array.of(100, 80, 300, 200);
    (await pixelMapping(a.georeference!, b.georeference!))(points);
    (await pixelMapping(b.georeference!, a.georeference!))(points);
    expect(Array.from(points)).toEqual([100, 80, 300, 200].map((v) => expect.closeTo(v, 5)));
  });
});
