import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { crsFromEpsg } from './crs.js';
import { parseCrs, transformerBetween } from './crs-transformer.js';
import { hasGdal, runProgram } from '../gdal.test.support.js';
import { openRaster } from '../formats/open-raster.js';
import { writeGeoTiff } from '../formats/geotiff/write/write-geotiff.js';

const folder = mkdtempSync(join(tmpdir(), 'keys-'));
afterAll(() => rm(folder, { recursive: true }));

const image = { width: 4, height: 3, bands: [new Uint8Array(12)], dataType: 'uint8' } as const;

const definitions = [
  '+proj=lcc +lat_1=44 +lat_2=49 +lat_0=46.5 +lon_0=3 +x_0=700000 +y_0=6600000 +datum=WGS84 +units=m',
  '+proj=lcc +lat_1=46 +lat_0=46 +lon_0=2 +k_0=0.9998 +x_0=600000 +y_0=200000 +datum=WGS84 +units=m',
  '+proj=tmerc +lat_0=10 +lon_0=12 +k=0.9998 +x_0=250000 +y_0=100000 +ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7 +units=m',
  '+proj=utm +zone=31 +south +datum=WGS84 +units=m',
  '+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=37.5 +lon_0=-96 +datum=NAD83 +units=m',
  '+proj=laea +lat_0=45 +lon_0=-100 +datum=WGS84 +units=m',
  '+proj=aeqd +lat_0=45 +lon_0=10 +datum=WGS84 +units=m',
  '+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +datum=WGS84 +units=m',
  '+proj=stere +lat_0=-90 +k=0.97 +lon_0=0 +x_0=2e6 +y_0=2e6 +datum=WGS84 +units=m',
  '+proj=merc +lat_ts=20 +lon_0=40 +datum=WGS84 +units=m',
  '+proj=sinu +lon_0=10 +a=6371007.181 +b=6371007.181 +towgs84=0,0,0 +units=m',
  '+proj=eqc +lat_ts=30 +lon_0=0 +datum=WGS84 +units=m',
  '+proj=cea +lat_ts=30 +lon_0=5 +datum=WGS84 +units=m',
  '+proj=tmerc +lat_0=0 +lon_0=-75 +k=0.9996 +x_0=500000 +y_0=0 +datum=WGS84 +units=us-ft',
  '+proj=longlat +a=6378388 +rf=297 +towgs84=-87,-98,-121',
];

describe('a CRS without a code is written as keys', () => {
  for (const [i, definition] of definitions.entries()) {
    test(definition, async () => {
      const path = join(folder, `${i}.tif`);
      const crs = await parseCrs(`${definition} +no_defs`);
      await writeGeoTiff(path, {
        ...image,
        georeference: { crs, geotransform: [0, 10, 0, 0, 0, -10], origin: 'file' },
      });
      await using file = await openRaster(path);
      const south = /lat_0=-90|south/.test(definition);
      const polar = /lat_0=-?90/.test(definition);
      const lon = Number(/lon_0=(-?[\d.]+)/.exec(definition)?.[1] ?? 3) + 1.5;
      const lat = (polar ? 75 : 38) * (south ? -1 : 1);
      const points = Float64Array.of(lon, lat);
      (await transformerBetween(crsFromEpsg(4326, 'geographic'), crs)).forward(points);
      const read = Float64Array.of(lon, lat);
      (await transformerBetween(crsFromEpsg(4326, 'geographic'), file.georeference!.crs!)).forward(read);
      const unit = crs.kind === 'geographic' ? 111_320 : 1;
      expect(Math.hypot(points[0]! - read[0]!, points[1]! - read[1]!) * unit).toBeLessThan(0.002);
      if (!hasGdal) return;
      const seen = runProgram('gdalsrsinfo', ['-o', 'proj4', path]).trim().replaceAll("'", '');
      const due = runProgram('cs2cs', ['-f', '%.9f', '+proj=longlat +datum=WGS84', '+to', seen], `${lon} ${lat}\n`)
        .split(/\s+/)
        .map(Number);
      expect(Math.hypot(points[0]! - due[0]!, points[1]! - due[1]!) * unit, seen).toBeLessThan(0.005);
    });
  }

  test('what has no keys is an error, and nothing is written', async () => {
    const crs = await parseCrs('+proj=robin +lon_0=0 +datum=WGS84 +units=m +no_defs');
    const georeference = { crs, geotransform: [0, 10, 0, 0, 0, -10], origin: 'file' } as const;
    const path = join(folder, 'no.tif');
    await expect(writeGeoTiff(path, { ...image, georeference })).rejects.toMatchObject({
      code: 'crs-unwritable',
      hint: expect.stringContaining('EPSG'),
    });
    await expect(openRaster(path)).rejects.toMatchObject({ code: 'file-not-found' });
  });
});

test('a CRS known by its code alone is written as what it is', async () => {
  const path = join(folder, 'code.tif');
  // GDA2020 in degrees; whoever has only the code may take it for a projection.
  const crs = crsFromEpsg(7844, 'projected');
  await writeGeoTiff(path, {
    ...image,
    georeference: { crs, geotransform: [140, 0.1, 0, -30, 0, -0.1], origin: 'file' },
  });
  await using file = await openRaster(path);
  expect(file.georeference?.crs).toMatchObject({ code: 'EPSG:7844', kind: 'geographic', name: 'GDA2020' });
});
