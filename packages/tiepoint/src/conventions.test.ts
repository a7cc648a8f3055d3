import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  affineFromGeotransform,
  applyTransform,
  composeTransforms,
  createRandom,
  fitTransform,
  invertTransform,
  type MatrixTransform,
  type Plane,
  predictCovariance,
  resamplePlane,
  similarity,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import { createEngine, type Engine } from '@tiepoint/matching';
import { openRaster, pixelToMap, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { taskOfPlanes } from './inputs/task.js';
import { register, registerTask } from './register.js';

/** Blobs of many sizes: structure at every scale, none of it periodic. */
function scene(width: number, height: number, seed: number): Plane {
  const random = createRandom(seed);
  const data = new Float32Array(width * height).fill(100);
  for (let blob = 0; blob < 400; blob++) {
    const [cx, cy] = [random.uniform() * width, random.uniform() * height];
    const radius = 2 + 14 * random.uniform() ** 3;
    const value = 60 * (random.uniform() - 0.5);
    const [x0, x1] = [Math.max(0, Math.floor(cx - radius)), Math.min(width, Math.ceil(cx + radius))];
    for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(height, cy + radius); y++) {
      for (let x = x0; x < x1; x++) {
        if ((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 < radius * radius) data[y * width + x]! += value;
      }
    }
  }
  return { width, height, data };
}

const truth = composeTransforms(
  translation(133, 125),
  composeTransforms(similarity(1.02, 0.05, 0, 0), translation(-128, -128)),
);

describe('conventions', () => {
  let engine: Engine;
  let folder: string;
  beforeAll(async () => {
    engine = createEngine({ threads: 2 });
    folder = await mkdtemp(join(tmpdir(), 'tiepoint-conventions-'));
  });
  afterAll(async () => {
    await engine.dispose();
    await rm(folder, { recursive: true });
  });

  const reference = scene(256, 256, 1);
  // The sensed image shows the ground with the contrast turned round.
  const moved = resamplePlane(reference, 256, 256, truth, { kernel: 'cubic' });
  const sensed: Plane = { ...moved, data: moved.data.map((v) => 200 - v) };

  test('pixel centres are at halves', () => {
    const plane: Plane = { width: 2, height: 1, data: Float32Array.of(10, 20) };
    // Half a pixel to the right, the sample lies on the border of both pixels.
    const shifted = resamplePlane(plane, 1, 1, translation(0.5, 0), { kernel: 'bilinear' });
    expect(shifted.data[0]).toBeCloseTo(15, 5);
    expect(resamplePlane(plane, 2, 1, translation(0, 0), { kernel: 'bilinear' }).data).toEqual(plane.data);
  });

  test('a geotransform maps the outer corner of the first pixel', () => {
    const geotransform = [500_000, 10, 0, 4_000_000, 0, -10] as const;
    expect(transformPoint(affineFromGeotransform(geotransform), 0, 0)).toEqual([500_000, 4_000_000]);
    expect(pixelToMap([...geotransform], 0.5, 0.5)).toEqual([500_005, 3_999_995]);
  });

  test('points are interleaved x, y', () => {
    expect(applyTransform(translation(1, 10), Float64Array.of(0, 0, 5, 6))).toEqual(Float64Array.of(1, 10, 6, 16));
  });

  test('a positive rotation turns x towards y', () => {
    const [x, y] = transformPoint(similarity(1, Math.PI / 2, 0, 0), 1, 0);
    expect(x).toBeCloseTo(0, 12);
    expect(y).toBeCloseTo(1, 12);
  });

  test('covariance is in px² of the reference', () => {
    // A sensed pixel is two reference pixels wide: errors of 0.5 px of the reference stay 0.25 px² whatever the scale.
    const sensedPoints = Float64Array.from({ length: 200 }, (_, i) => (i * 37) % 101);
    const points = {
      source: sensedPoints,
      target: sensedPoints.map((v) => 2 * v),
      covariance: Float64Array.from({ length: 300 }, (_, i) => (i % 3 === 1 ? 0 : 0.25)),
    };
    const fit = fitTransform(points, 'translation');
    expect(fit).not.toBeNull();
    expect(predictCovariance(fit!, 10, 10)[0]).toBeCloseTo(0.25 / 100, 8);
  });

  test('sensedToReference maps sensed pixels to reference pixels', async () => {
    const result = await registerTask(taskOfPlanes(reference, sensed, { engine }));
    expect(result.verdict).toBe('accept');
    if (!result.found) return;
    const found = result.model.sensedToReference as MatrixTransform;
    for (const [x, y] of [
      [60, 60],
      [200, 80],
      [90, 210],
    ] as const) {
      const [tx, ty] = transformPoint(truth, x, y);
      const [fx, fy] = transformPoint(found, x, y);
      expect(Math.hypot(fx - tx, fy - ty)).toBeLessThan(0.5);
    }
    expect(invertTransform(found)).not.toBeNull();
  });

  test('the same input and seed give the same answer', async () => {
    const again = async () => {
      const result = await registerTask(taskOfPlanes(reference, sensed, { engine, seed: 7 }));
      if (!result.found) throw new Error('nothing was found');
      return { transform: result.model.sensedToReference, evidence: result.evidence };
    };
    expect(await again()).toEqual(await again());
  });

  test('a refused registration has no transform', async () => {
    const paths = [join(folder, 'a.tif'), join(folder, 'b.tif')] as const;
    await writeGeoTiff(paths[0], { width: 256, height: 256, bands: [scene(256, 256, 2)], dataType: 'uint8' });
    await writeGeoTiff(paths[1], { width: 256, height: 256, bands: [scene(256, 256, 3)], dataType: 'uint8' });
    await using a = await openRaster(paths[0]);
    await using b = await openRaster(paths[1]);
    const { registration } = await register(a, b, { engine, method: 'grid' });
    expect(registration.verdict).toBe('refuse');
    expect(registration.sensedToReference).toBeNull();
  });

  test('linear SAR is matched in decibels, and that is said', async () => {
    const random = createRandom(5);
    // Speckle of four looks on ground whose brightness spans three decades.
    const power = reference.data.map((v) => {
      let looks = 0;
      for (let i = 0; i < 4; i++) looks -= Math.log(1 - random.uniform()) / 4;
      return 10 ** ((v - 100) / 20) * looks;
    });
    const paths = [join(folder, 'optical.tif'), join(folder, 'sar.tif')] as const;
    await writeGeoTiff(paths[0], { width: 256, height: 256, bands: [reference], dataType: 'float32' });
    await writeGeoTiff(paths[1], { width: 256, height: 256, bands: [power], dataType: 'float32' });
    await using a = await openRaster(paths[0]);
    await using b = await openRaster(paths[1]);
    const { registration } = await register(a, b, { engine });
    expect(registration.warnings.join()).toContain('matched in decibels');
  });
});
