import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inverseTransformPoint } from '@tiepoint/geometry';
import { crsFromEpsg, type Georeference, openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assess } from './assess/assess.js';
import { blobScene } from './cli/testing/blob-scene.js';
import { expectMendable } from './mend/mendable.test.support.js';
import { register } from './register.js';
import { transformFromJson } from './result/transform-json.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-bent-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const crs = crsFromEpsg(32633, 'projected');
const [side, pixel, west, north] = [384, 10, 500_000, 5_000_000] as const;
/** What the control points are wrong by, px of the reference. */
const shift = [5, -4] as const;

/** Scene pixel of a pixel of the bent image: up to 25 px off any affine map. */
const bend = (x: number, y: number): [number, number] => [
  x + 25 * Math.sin((Math.PI * y) / side),
  y + 22 * Math.cos((Math.PI * x) / side),
];

beforeAll(async () => {
  const scene = blobScene(side, side, 3);
  const bent = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [u, v] = bend(x + 0.5, y + 0.5).map(Math.floor) as [number, number];
      bent[y * side + x] = u >= 0 && v >= 0 && u < side && v < side ? scene[v * side + u]! : Number.NaN;
    }
  }
  const size = { width: side, height: side, dataType: 'float32' as const };
  const plain: Georeference = { crs, geotransform: [west, pixel, 0, north, 0, -pixel], origin: 'file' };
  await writeGeoTiff(at('plain.tif'), { ...size, bands: [scene], georeference: plain });
  const steps = Array.from({ length: 9 }, (_, i) => (i * side) / 8);
  const gcps = steps.flatMap((y) =>
    steps.map((x) => {
      const [u, v] = bend(x, y);
      const [mapX, mapY] = [west + (u + shift[0]) * pixel, north - (v + shift[1]) * pixel];
      return { id: `${x} ${y}`, x, y, mapX, mapY, mapZ: 0 };
    }),
  );
  const georeference: Georeference = { ...plain, gcps, origin: 'gcps' };
  await writeGeoTiff(at('bent.tif'), { ...size, bands: [bent], georeference });
});

describe('images that control points bend', () => {
  it('are registered along the bend, as the reference', async () => {
    await using reference = await openRaster(at('bent.tif'));
    await using sensed = await openRaster(at('plain.tif'));
    const result = await register(reference, sensed);
    const { registration } = result;
    expect(registration.verdict, registration.reasons.join('; ')).toBe('accept');
    expect(registration.warnings.join()).toMatch(/bent.tif: placed by a thin-plate spline through 81 control points/);
    const transform = transformFromJson(registration)!;
    for (const [x, y] of [
      [100, 100],
      [190, 190],
      [300, 120],
    ] as const) {
      const [dueX, dueY] = bend(x, y);
      const back = inverseTransformPoint(transform, x, y)!;
      expect(Math.hypot(back[0] - dueX, back[1] - dueY)).toBeLessThan(0.7);
    }
    // Scene pixel → pixel of the bent image, by iteration: the bend is slight.
    const straightened = (u: number, v: number): readonly [number, number] => {
      let [x, y] = [u, v];
      for (let i = 0; i < 60; i++) {
        const [s, t] = bend(x, y);
        [x, y] = [x + u - s, y + v - t];
      }
      return [x, y];
    };
    expectMendable(result, straightened, 0.7);
  });

  it('are assessed against where the control points put them', async () => {
    await using reference = await openRaster(at('plain.tif'));
    await using sensed = await openRaster(at('bent.tif'));
    const { misregistration, placement } = await assess(reference, sensed);
    expect(placement).toBe('georeference');
    // By an affine map alone it would be 20 px and more.
    expect(misregistration!.ce90).toBeLessThan(Math.hypot(...shift) + 1);
    expect([misregistration!.meanX, misregistration!.meanY]).toEqual([
      expect.closeTo(shift[0], 0),
      expect.closeTo(shift[1], 0),
    ]);
  });
});
