import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { crsFromEpsg } from './crs.js';
import { parseCrs, transformerBetween } from './crs-transformer.js';
import { crsFromGeoKeys } from './geokeys.js';
import { turnLongitudes } from './longitude.js';

const wgs84 = crsFromEpsg(4326, 'geographic');

/** Longitude and latitude of a place of keys as GDAL writes them. */
async function placeOf(keys: readonly (readonly [number, number | string])[]): Promise<number[]> {
  const crs = (await crsFromGeoKeys(new Map(keys)))!;
  const place = Float64Array.of(1_000_000, 5_000_000);
  (await transformerBetween(crs, wgs84, { approximate: true })).forward(place);
  return Array.from(place);
}

const oblique = [
  [1024, 1],
  [2048, 32767],
  [2056, 7019],
  [2057, 6378137],
  [2059, 298.257222101],
  [3072, 32767],
  [3074, 32767],
  [3076, 9001],
  [3082, 804671],
  [3083, 0],
  [3088, 102.25],
  [3089, 4],
  [3093, 0.99984],
  [3094, 323.0257905],
  [3096, 323.13],
] as const;

// The answers are GDAL's for files with these keys.
test('oblique Mercator by keys, of the centre and of the natural origin', async () => {
  const [lon, lat] = await placeOf([...oblique, [3075, 3]]);
  expect([lon, lat]).toEqual([expect.closeTo(110.079487185, 7), expect.closeTo(43.172978936, 7)]);
  const [lonCentre, latCentre] = await placeOf([...oblique, [3075, 9815]]);
  expect([lonCentre, latCentre]).toEqual([expect.closeTo(107.339264846, 7), expect.closeTo(47.148644056, 7)]);
});

test('Mollweide, which keys cannot say, by the WKT in a citation', async () => {
  const wkt =
    'PROJCS["World_Mollweide",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Mollweide"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],UNIT["Meter",1.0]]';
  const [lon, lat] = await placeOf([
    [1024, 32767],
    [1026, 'World_Mollweide'],
    [2048, 4326],
    [3073, `ESRI PE String = ${wkt}`],
  ]);
  expect([lon, lat]).toEqual([expect.closeTo(11.988149505, 7), expect.closeTo(41.894152151, 7)]);
});

test('the horizontal part of compound systems, and codes as OGC writes them', async () => {
  expect(await parseCrs('EPSG:3035+5773')).toMatchObject({ code: 'EPSG:3035' });
  expect(await parseCrs('http://www.opengis.net/def/crs/EPSG/0/32633')).toMatchObject({ code: 'EPSG:32633' });
  const wkt =
    'COMPD_CS["heights",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]],VERT_CS["h",VERT_DATUM["h ] of",2005],UNIT["metre",1],AUTHORITY["EPSG","5773"]]]';
  expect(await parseCrs(wkt)).toMatchObject({ code: 'EPSG:4326', kind: 'geographic' });
  const { forward } = await transformerBetween(crsFromEpsg(7415, 'projected'), crsFromEpsg(28992, 'projected'));
  const place = Float64Array.of(155_000, 463_000);
  forward(place);
  expect(Array.from(place)).toEqual([155_000, 463_000]);
});

test('longitudes by whole turns', () => {
  const points = Float64Array.of(190, 1, -170, 2, 10, 3);
  turnLongitudes(points, 185);
  expect(Array.from(points)).toEqual([190, 1, 190, 2, 10, 3]);
});

// Debian's PROJ comes with this grid.
const grid = '/usr/share/proj/BETA2007.gsb';
test.skipIf(!existsSync(grid))('a grid file that is named makes the shift exact', async () => {
  const german = await parseCrs(
    `+proj=tmerc +lat_0=0 +lon_0=9 +k=1 +x_0=3500000 +y_0=0 +ellps=bessel +nadgrids=${grid} +units=m`,
  );
  const { forward, approximation } = await transformerBetween(wgs84, german);
  const place = Float64Array.of(10.5, 51.2);
  forward(place);
  // cs2cs with the same grid.
  expect(Array.from(place)).toEqual([expect.closeTo(3604914.2658, 3), expect.closeTo(5674966.0867, 3)]);
  expect(approximation).toBeNull();
});
