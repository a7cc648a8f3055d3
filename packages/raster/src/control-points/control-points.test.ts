import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { controlPointFormat, formatControlPoints, parseControlPoints } from './control-points.js';
import { type ControlPointSet } from './control-point.js';
import { crsFromEpsg } from '../georeference/crs.js';
import { hasGdal, runProgram, runPython } from '../gdal.test.support.js';
import { openRaster } from '../formats/open-raster.js';
import { formatControlPointVrt } from './vrt-control-points.js';
import { writeGeoTiff } from '../formats/geotiff/write/write-geotiff.js';

const folder = mkdtempSync(join(tmpdir(), 'points-'));
afterAll(() => rm(folder, { recursive: true }));

const set: ControlPointSet = {
  crs: crsFromEpsg(32633, 'projected', 'WGS 84 / UTM zone 33N'),
  points: [
    { id: '1', x: 10.25, y: 20.5, mapX: 500102.5, mapY: 4999795, covariance: [0.1, -0.02, 0.2], score: 0.9 },
    { id: '2', x: 90, y: 0, mapX: 500900, mapY: 5000000, enabled: true },
    { id: '3', x: 0, y: 75.125, mapX: 500000, mapY: 4999248.75, mapZ: 312.5 },
    { id: '4', x: 80, y: 70, mapX: 500800.0625, mapY: 4999300.03, enabled: false },
  ],
};

const point = fc.record(
  {
    id: fc.stringMatching(/^[\w ,"-]{1,12}$/).map((id) => id.trim() || 'p'),
    x: fc.double({ min: -1e5, max: 1e5, noNaN: true }).map((v) => v + 0),
    y: fc.double({ min: -1e5, max: 1e5, noNaN: true }).map((v) => v + 0),
    mapX: fc.double({ min: -2e7, max: 2e7, noNaN: true }).map((v) => v + 0),
    mapY: fc.double({ min: -2e7, max: 2e7, noNaN: true }).map((v) => v + 0),
    enabled: fc.boolean(),
    covariance: fc.tuple(fc.double({ min: 0, max: 9, noNaN: true }), fc.constant(0.5), fc.constant(0.25)),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: ['id', 'x', 'y', 'mapX', 'mapY', 'enabled'] },
);

describe('what is written is read back', () => {
  for (const format of ['csv', 'geojson'] as const) {
    test(`${format}: everything`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(point, { minLength: 1 }), async (points) => {
          // JSON has no negative zero.
          const clean = points.map((p) => ({ ...p, x: p.x || 0, y: p.y || 0, mapX: p.mapX || 0, mapY: p.mapY || 0 }));
          const back = await parseControlPoints(
            await formatControlPoints({ points: clean, crs: set.crs }, format),
            format,
          );
          expect(back.points).toEqual(clean);
          expect(back.crs?.code).toBe('EPSG:32633');
        }),
        { numRuns: 50 },
      );
    });
  }

  for (const format of ['gdal', 'qgis', 'envi'] as const) {
    test(`${format}: places`, async () => {
      const back = await parseControlPoints(await formatControlPoints(set, format), format);
      // QGIS keeps switched-off points; the others have no word for them.
      const due = format === 'qgis' ? set.points : set.points.filter((p) => p.enabled !== false);
      expect(back.points.length).toBe(due.length);
      for (const [i, p] of due.entries()) {
        expect(back.points[i]).toMatchObject({ x: p.x, y: p.y, mapX: p.mapX, mapY: p.mapY });
      }
      if (format === 'qgis') expect(back.crs?.code).toBe('EPSG:32633');
    });
  }
});

test("QGIS's rows are negative and its first comment is the CRS", async () => {
  const text = await formatControlPoints(set, 'qgis');
  expect(text.split('\n').slice(0, 3)).toEqual([
    '#CRS: EPSG:32633',
    'mapX,mapY,sourceX,sourceY,enable,dX,dY,residual',
    '500102.5,4999795,10.25,-20.5,1,0,0,0',
  ]);
  const old = 'mapX,mapY,pixelX,pixelY,enable\n5,6,1.5,-2.5,1\n';
  expect((await parseControlPoints(old, 'qgis')).points).toEqual([
    { id: '1', x: 1.5, y: 2.5, mapX: 5, mapY: 6, enabled: true },
  ]);
});

test('what is wrong is an error that shows the line', async () => {
  for (const [text, format] of [
    ['-gcp 1 2 x 4', 'gdal'],
    ['mapX,mapY,sourceX,sourceY\n1,2,three,4', 'qgis'],
    ['a,b\n1,2', 'csv'],
    ['{', 'geojson'],
    ['{"features":[{}]}', 'geojson'],
    ['<VRTDataset/>', 'vrt'],
    ['1 2 3', 'envi'],
  ] as const) {
    await expect(parseControlPoints(text, format)).rejects.toMatchObject({ code: 'invalid-control-points' });
  }
  expect(controlPointFormat('a/b.Points')).toBe('qgis');
  expect(() => controlPointFormat('a.b/points')).toThrow(/cannot be kept/);
});

describe.skipIf(!hasGdal)('GDAL sees the same points', () => {
  const gcps = (path: string): number[][] =>
    JSON.parse(
      runPython(
        'import sys, json; from osgeo import gdal; gdal.UseExceptions(); print(json.dumps([[g.GCPPixel, g.GCPLine, g.GCPX, g.GCPY, g.GCPZ] for g in gdal.Open(sys.argv[1]).GetGCPs()]))',
        path,
      ),
    ) as number[][];
  const due = set.points.filter((p) => p.enabled !== false).map((p) => [p.x, p.y, p.mapX, p.mapY, p.mapZ ?? 0]);
  const plain = join(folder, 'plain.tif');

  test('as options of gdal_translate', async () => {
    await writeGeoTiff(plain, { width: 100, height: 80, bands: [new Uint8Array(8000)], dataType: 'uint8' });
    const text = await formatControlPoints(set, 'gdal');
    const out = join(folder, 'translated.tif');
    runProgram('gdal_translate', ['-q', '-a_srs', 'EPSG:32633', ...text.trim().split(/\s+/), plain, out]);
    expect(gcps(out)).toEqual(due);
    await using file = await openRaster(out);
    expect(file.georeference).toMatchObject({ origin: 'gcps', crs: { code: 'EPSG:32633' } });
    expect(file.georeference!.gcps!.map((p) => [p.x, p.y, p.mapX, p.mapY, p.mapZ])).toEqual(due);
  });

  test('in a VRT, and back', async () => {
    await using file = await openRaster(plain);
    const text = formatControlPointVrt(set, file, file.name);
    const path = join(folder, 'points.vrt');
    writeFileSync(path, text);
    expect(gcps(path)).toEqual(due);
    const back = await parseControlPoints(text, 'vrt');
    expect(back.crs?.code).toBe('EPSG:32633');
    expect(back.points.map((p) => [p.x, p.y, p.mapX, p.mapY, p.mapZ ?? 0])).toEqual(due);
    const own = join(folder, 'own.vrt');
    runProgram('gdal_translate', ['-q', '-of', 'VRT', join(folder, 'translated.tif'), own]);
    const theirs = await parseControlPoints(runPython('import sys; print(open(sys.argv[1]).read())', own), 'vrt');
    expect(theirs.points.map((p) => [p.x, p.y, p.mapX, p.mapY, p.mapZ ?? 0])).toEqual(due);
    expect(theirs.crs?.code).toBe('EPSG:32633');
  });

  test('inside a GeoTIFF this package writes', async () => {
    const path = join(folder, 'inside.tif');
    const points = set.points.filter((p) => p.enabled !== false).map((p) => ({ ...p, mapZ: p.mapZ ?? 0 }));
    await writeGeoTiff(path, {
      width: 100,
      height: 80,
      bands: [new Uint8Array(8000)],
      dataType: 'uint8',
      georeference: { crs: set.crs, geotransform: [0, 1, 0, 0, 0, 1], gcps: points, origin: 'gcps' },
    });
    expect(gcps(path)).toEqual(due);
  });

  test("in ENVI's count of pixels, whose first corner is (1, 1)", async () => {
    const rows = (await formatControlPoints(set, 'envi')).split('\n').filter((line) => line && !line.startsWith(';'));
    // ENVI's headers carry the same numbers as image x, image y, latitude, longitude.
    const geo = rows.map((row) => row.split(' ')).map(([mapX, mapY, x, y]) => `${x}, ${y}, ${mapY}, ${mapX}`);
    writeFileSync(join(folder, 'e.img'), new Uint8Array(8000));
    writeFileSync(
      join(folder, 'e.hdr'),
      `ENVI\nsamples = 100\nlines = 80\nbands = 1\nheader offset = 0\nfile type = ENVI Standard\ndata type = 1\ninterleave = bsq\nbyte order = 0\ngeo points = {\n${geo.join(',\n')}}\n`,
    );
    const seen = gcps(join(folder, 'e.img'));
    expect(seen.map(([x, y, mapX, mapY]) => [x, y, mapX, mapY])).toEqual(due.map((p) => p.slice(0, 4)));
  });
});
