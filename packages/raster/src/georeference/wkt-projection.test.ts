import { describe, expect, test } from 'vitest';
import { hasGdal, runOracle } from '../gdal.test.support.js';
import { parseCrs, transformerBetween } from './crs-transformer.js';
import { parseWkt } from './wkt-nodes.js';

interface Spelt {
  readonly name: string;
  readonly spelling: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly lon: number;
  readonly lat: number;
}

describe.skipIf(!hasGdal)('projection methods in every spelling of WKT lie where PROJ puts them', () => {
  const systems = hasGdal ? (JSON.parse(runOracle('wkt_methods.py')) as Spelt[]) : [];

  test('nearly all of them can be spelt in all ways', () => {
    expect(systems.length).toBeGreaterThan(80);
  });

  test.each(systems)('$name, $spelling', async ({ text, x, y, lon, lat }) => {
    const crs = await parseCrs(text);
    const place = Float64Array.of(x, y);
    // On the system's own ellipsoid: shifts of datums have tests of their own.
    const wgs84 = await parseCrs('EPSG:4326');
    (await transformerBetween(crs, wgs84, { approximate: true })).forward(place);
    expect(place[0]! - lon).toBeCloseTo(0, 6);
    expect(place[1]! - lat).toBeCloseTo(0, 6);
  });
});

test('what proj4 would take for another projection is refused', async () => {
  const pole =
    'GEOGCRS["rotated",BASEGEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]]],DERIVINGCONVERSION["r",METHOD["PROJ ob_tran o_proj=longlat"],PARAMETER["o_lat_p",39.25]],CS[ellipsoidal,2],AXIS["longitude",east],AXIS["latitude",north],ANGLEUNIT["degree",0.0174532925199433]]';
  await expect(parseCrs(pole)).rejects.toMatchObject({ code: 'unknown-crs' });
  await expect(parseCrs('+proj=ortho +lat_0=40 +lon_0=10 +datum=WGS84')).rejects.toMatchObject({ code: 'unknown-crs' });
});

test('geographic systems in grads keep their unit', async () => {
  const wkt =
    'GEOGCS["mine",DATUM["mine",SPHEROID["WGS 84",6378137,298.257223563],TOWGS84[0,0,0,0,0,0,0]],PRIMEM["Greenwich",0],UNIT["grad",0.01570796326794897]]';
  const place = Float64Array.of(10, 50);
  (await transformerBetween(await parseCrs(wkt), await parseCrs('EPSG:4326'))).forward(place);
  expect(Array.from(place)).toEqual([expect.closeTo(9, 9), expect.closeTo(45, 9)]);
});

test('what is no WKT is taken apart in time proportional to its length', () => {
  const started = performance.now();
  for (const text of ['PROJCS[', '"', 'A["x",', '[[[', '"" ']) expect(parseWkt(text.repeat(200_000))).toBe(null);
  expect(performance.now() - started).toBeLessThan(3000);
});
