import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { crsFromEpsg } from './crs.js';
import { transformerBetween } from './crs-transformer.js';
import { hasGdal, runProgram, runPython } from '../gdal.test.support.js';
import { openRaster } from '../formats/open-raster.js';
import { formatWorldFile, parseWorldFile } from '../formats/sidecar.js';
import { writeGeoTiff } from '../formats/geotiff/write/write-geotiff.js';

const folder = mkdtempSync(join(tmpdir(), 'place-'));
afterAll(() => rm(folder, { recursive: true }));

const plain = join(folder, 'plain.tif');
const image = { width: 40, height: 30, bands: [new Uint8Array(1200).fill(5)], dataType: 'uint8' } as const;

test('a world file counts from the centre of the first pixel', async () => {
  await writeGeoTiff(plain, image);
  writeFileSync(join(folder, 'plain.tfw'), '10\n0\n0\n-10\n500005\n4999995\n');
  await using file = await openRaster(plain);
  expect(file.georeference).toMatchObject({ geotransform: [500000, 10, 0, 5000000, 0, -10], origin: 'world-file' });
  const g = [500000.123, 9.75, 0.5, 5000000.7, 0.25, -10.125] as const;
  const back = parseWorldFile(formatWorldFile(g))!;
  for (const [i, value] of g.entries()) expect(back[i]).toBeCloseTo(value, 7);
  expect(parseWorldFile('1 2 3')).toBeNull();
});

describe.skipIf(!hasGdal)('georeferences as GDAL sees them', () => {
  const gdalTransform = (path: string): number[] =>
    JSON.parse(
      runPython(
        'import sys, json; from osgeo import gdal; gdal.UseExceptions(); print(json.dumps(gdal.Open(sys.argv[1]).GetGeoTransform()))',
        path,
      ),
    ) as number[];

  test('PixelIsPoint is shifted by half a pixel', async () => {
    const path = join(folder, 'point.tif');
    const translate = ['-q', '-a_srs', 'EPSG:32633', '-a_ullr', '500000', '5000000', '500400', '4999700'];
    copyFileSync(plain, join(folder, 'bare.tif'));
    runProgram('gdal_translate', [...translate, '-mo', 'AREA_OR_POINT=Point', join(folder, 'bare.tif'), path]);
    await using file = await openRaster(path);
    expect(file.georeference?.geotransform).toEqual(gdalTransform(path));
  });

  test('rotated geotransforms go both ways', async () => {
    const path = join(folder, 'rotated.tif');
    const geotransform = [500000, 9, 1.5, 5000000, 2, -9.5] as const;
    await writeGeoTiff(path, {
      ...image,
      georeference: { crs: crsFromEpsg(32633, 'projected'), geotransform, origin: 'file' },
    });
    expect(gdalTransform(path)).toEqual([...geotransform]);
    await using file = await openRaster(path);
    expect(file.georeference?.geotransform).toEqual([...geotransform]);
    // South-up: rows run north.
    const south = join(folder, 'south.tif');
    const up = [500000, 10, 0, 4999700, 0, 10] as const;
    await writeGeoTiff(south, { ...image, georeference: { crs: null, geotransform: up, origin: 'file' } });
    expect(gdalTransform(south)).toEqual([...up]);
  });

  test('.aux.xml beats the file', async () => {
    const path = join(folder, 'aux.tif');
    copyFileSync(plain, path);
    runPython(
      'import sys; from osgeo import gdal, osr; gdal.UseExceptions(); s = osr.SpatialReference(); s.ImportFromEPSG(3035); d = gdal.Open(sys.argv[1]); d.SetGeoTransform((4e6, 20, 0, 3e6, 0, -20)); d.SetProjection(s.ExportToWkt()); d = None',
      path,
    );
    await using file = await openRaster(path);
    expect(file.georeference).toMatchObject({
      geotransform: [4e6, 20, 0, 3e6, 0, -20],
      crs: { code: 'EPSG:3035' },
      origin: 'aux-xml',
    });
  });

  test('user-defined projections in geokeys mean what GDAL means, and are written back', async () => {
    const definitions = [
      '+proj=lcc +lat_1=44 +lat_2=49 +lat_0=46.5 +lon_0=3 +x_0=700000 +y_0=6600000 +datum=WGS84',
      '+proj=tmerc +lat_0=10 +lon_0=12 +k=0.9998 +x_0=250000 +y_0=100000 +datum=WGS84',
      '+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=37.5 +lon_0=-96 +datum=WGS84',
      '+proj=laea +lat_0=45 +lon_0=-100 +datum=WGS84',
      '+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +datum=WGS84',
      '+proj=merc +lat_ts=20 +lon_0=40 +datum=WGS84',
      '+proj=sinu +lon_0=10 +datum=WGS84',
      '+proj=eqc +lat_ts=30 +lon_0=0 +datum=WGS84',
      '+proj=utm +zone=31 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0',
      '+proj=tmerc +lat_0=0 +lon_0=-75 +k=0.9996 +x_0=500000 +y_0=0 +datum=WGS84 +units=us-ft',
    ];
    const wgs84 = crsFromEpsg(4326, 'geographic');
    for (const [i, definition] of definitions.entries()) {
      const path = join(folder, `user-${i}.tif`);
      runProgram('gdal_translate', [
        '-q',
        '-a_srs',
        `${definition} +no_defs`,
        '-a_ullr',
        '0',
        '3',
        '4',
        '0',
        join(folder, 'bare.tif'),
        path,
      ]);
      const lon = Number(/lon_0=(-?[\d.]+)/.exec(definition)?.[1] ?? 3) + 1.5;
      const lat = definition.includes('lat_0=90') ? 75 : 38;
      const due = runProgram(
        'cs2cs',
        ['-f', '%.6f', '+proj=longlat +datum=WGS84', '+to', definition],
        `${lon} ${lat}\n`,
      )
        .split(/\s+/)
        .map(Number);
      const copy = join(folder, `user-${i}-copy.tif`);
      for (const from of [path, copy]) {
        await using file = await openRaster(from);
        const { crs, geotransform } = file.georeference!;
        const points = Float64Array.of(lon, lat);
        (await transformerBetween(wgs84, crs!)).forward(points);
        expect(
          Math.hypot(points[0]! - due[0]!, points[1]! - due[1]!),
          `${definition} from ${crs!.definition}`,
        ).toBeLessThan(0.005);
        if (from === path) await writeGeoTiff(copy, { ...image, georeference: { crs, geotransform, origin: 'file' } });
      }
    }
  });
});
