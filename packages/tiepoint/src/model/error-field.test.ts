import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Correspondences,
  createRandom,
  type Fit,
  fitTransform,
  inverseTransformPoint,
  predictCovariance,
  type TransformModel,
} from '@tiepoint/geometry';
import { openRaster } from '@tiepoint/raster';
import { afterAll, describe, expect, it } from 'vitest';
import { circularSd, covarianceAt, predictErrorField } from './error-field.js';
import { accuracyMapDescription, writeAccuracyMap } from '../result/write-accuracy-map.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-accuracy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const size = { width: 300, height: 200 };

/** Points in a corner of the image only, so that the error grows away from it, and a fit to them. */
function cornerFit(model: TransformModel, spread = 90): Fit {
  const random = createRandom(4);
  const count = 40;
  const sensed = new Float64Array(2 * count).map(() => 20 + spread * random.uniform());
  const reference = sensed.map((v) => 1.1 * v + 3 + 0.4 * random.normal());
  const covariance = new Float64Array(3 * count).map((_, i) => [0.3, 0.1, 0.1][i % 3]!);
  const points: Correspondences = { source: sensed, target: reference, covariance };
  return fitTransform(points, model)!;
}

function exactSd(fit: Fit, x: number, y: number): number {
  const [u, v] = inverseTransformPoint(fit.transform, x, y)!;
  const [xx, , yy] = predictCovariance(fit, u, v);
  return Math.sqrt((xx + yy) / 2);
}

describe('the predicted error over the reference', () => {
  it.each(['translation', 'affine', 'projective', 'polynomial2'] as const)(
    'is the propagated covariance to 1 %% at any place (%s)',
    (model) => {
      const fit = cornerFit(model);
      const field = predictErrorField(fit, size);
      let worst = 0;
      const random = createRandom(9);
      for (let i = 0; i < 500; i++) {
        const [x, y] = [random.uniform() * size.width, random.uniform() * size.height];
        worst = Math.max(worst, Math.abs(circularSd(covarianceAt(field, x, y)) / exactSd(fit, x, y) - 1));
      }
      expect(worst).toBeLessThan(0.01);
      expect(field.interpolationError).toBeLessThan(0.01);
    },
  );

  it('uses a finer lattice where tie points are close together', () => {
    expect(predictErrorField(cornerFit('translation'), size).columns).toBe(17);
    expect(predictErrorField(cornerFit('affine', 15), size).columns).toBeGreaterThan(33);
  });

  it('is in pixels of the full reference where the fit is of smaller images', () => {
    const fit = cornerFit('affine');
    const full = predictErrorField(fit, { width: 600, height: 800 }, [2, 4]);
    const [u, v] = inverseTransformPoint(fit.transform, 50, 25)!;
    const [xx, xy, yy] = predictCovariance(fit, u, v);
    const scaled = covarianceAt(full, 100, 100);
    for (const [k, value] of [4 * xx, 8 * xy, 16 * yy].entries()) expect(scaled[k]! / value).toBeCloseTo(1, 1);
  });
});

describe('the accuracy map', () => {
  const fit = cornerFit('affine');
  const field = predictErrorField(fit, size);

  it('holds the predicted standard deviation of each pixel centre, on the grid of the reference', async () => {
    const path = join(folder, 'sd.tif');
    const georeference = {
      crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
      geotransform: [500_000, 10, 0, 4_600_000, 0, -10],
      origin: 'file',
    } as const;
    await writeAccuracyMap(path, field, { ...size, georeference });
    await using file = await openRaster(path);
    expect(file.bands[0]).toMatchObject({ dataType: 'float32', name: accuracyMapDescription });
    expect(file.georeference?.crs?.code).toBe('EPSG:32633');
    expect(file.georeference?.geotransform).toEqual(georeference.geotransform);
    const { data, width, height } = await file.readPlane({ band: 1 });
    expect({ width, height }).toEqual(size);
    for (let i = 0; i < data.length; i += 97) {
      const truth = exactSd(fit, (i % width) + 0.5, Math.floor(i / width) + 0.5);
      expect(Math.abs(data[i]! / truth - 1)).toBeLessThan(0.01);
    }
    // It grows away from the tie points in the upper left corner.
    expect(data.at(-1)!).toBeGreaterThan(3 * data[80 * width + 80]!);
  });

  it('keeps a file that exists unless told to replace it, and has no place where the reference has none', async () => {
    const path = join(folder, 'again.tif');
    const grid = { ...size, georeference: null };
    await writeAccuracyMap(path, field, grid, { format: 'GTiff' });
    await expect(writeAccuracyMap(path, field, grid)).rejects.toMatchObject({ code: 'output-exists' });
    await writeAccuracyMap(path, field, grid, { overwrite: true });
    await using file = await openRaster(path);
    expect(file.georeference).toBeNull();
  });

  it('refuses another grid than the one the error was predicted for', async () => {
    const grid = { width: 10, height: 10, georeference: null };
    await expect(writeAccuracyMap(join(folder, 'no.tif'), field, grid)).rejects.toMatchObject({
      code: 'reference-mismatch',
    });
  });
});
