import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { crsFromEpsg } from './crs.js';
import { parseCrs, transformerBetween } from './crs-transformer.js';
import { findEpsg, lookUpEpsg } from './epsg-table.js';
import { hasGdal, runProgram } from '../gdal.test.support.js';

const wgs84 = crsFromEpsg(4326, 'geographic');

/** Codes of every method and many countries; `direct` ones have no datum shift, so cs2cs is asked for the code itself. */
const direct = [
  32601, 32633, 32660, 32719, 32756, 25829, 25832, 3035, 3034, 3413, 3031, 3976, 6933, 3395, 3857, 2154, 3067, 3006,
  5070, 3347, 3978, 26910, 3577, 2193, 5041, 5042, 2180, 3763, 9377, 8857, 4258,
];
/** Others shift by parameters; cs2cs gets the same PROJ string, because for the code it may pick another shift. */
const shifted = [28992, 2056, 21781, 5514, 31370, 23700, 2039, 3765, 2326, 22770, 2100, 4230, 3067];

/** The middle of each system's area of use, and a place on its rim. */
const places = new Map(
  readFileSync(new URL('../../fixtures/epsg-answers.csv', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => line.split(',').map(Number))
    .map(([code, lon, lat, , , otherLon, otherLat]) => [code!, [lon!, lat!, otherLon!, otherLat!]] as const),
);

/** Longitudes and latitudes over a system's area of use. */
function areaPoints(code: number): number[] {
  const [lon, lat, rimLon, rimLat] = places.get(code)!;
  const [otherLon, otherLat] = [rimLon ?? lon! + 0.5, rimLat ?? lat! + 0.5];
  const [halfWidth, halfHeight] = [Math.abs(otherLon - lon!), Math.abs(otherLat - lat!)];
  const out: number[] = [];
  for (let i = -3; i <= 3; i++) {
    for (let j = -3; j <= 3; j++) {
      // The poles and the antimeridian themselves belong to no one longitude.
      const x = lon! + (halfWidth * (i + 0.1)) / 3.2;
      const y = lat! + (halfHeight * (j + 0.1)) / 3.2;
      out.push(x > 180 ? x - 360 : x < -180 ? x + 360 : x, Math.max(-89.9, Math.min(89.9, y)));
    }
  }
  return out;
}

describe.skipIf(!hasGdal)('agrees with cs2cs to a millimetre over the area of use', () => {
  for (const code of new Set([...direct, ...shifted])) {
    test(`EPSG:${code}`, async () => {
      const entry = (await findEpsg(code))!;
      const points = areaPoints(code);
      const text = Array.from({ length: points.length / 2 }, (_, i) => `${points[2 * i]} ${points[2 * i + 1]}`).join(
        '\n',
      );
      const target = direct.includes(code) ? `EPSG:${code}` : `${entry.proj} +towgs84=${entry.shift} +type=crs`;
      const printed = runProgram(
        'cs2cs',
        ['-f', '%.9f', '+proj=longlat +datum=WGS84 +no_defs +type=crs', '+to', target],
        text,
      );
      const rows = printed
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).map(Number));
      const { forward, inverse } = await transformerBetween(wgs84, crsFromEpsg(code, entry.kind));
      const mapped = Float64Array.from(points);
      forward(mapped);
      // Degrees are compared as metres.
      const unit = entry.kind === 'geographic' ? 111_320 : /units=(us-ft|ft)/.test(entry.proj) ? 0.3048 : 1;
      let worst = 0;
      for (const [i, row] of rows.entries()) {
        // Some systems of the registry give northing first.
        const [a, b] = [row[0]!, row[1]!];
        const [x, y] = [mapped[2 * i]!, mapped[2 * i + 1]!];
        const straight = Math.hypot(a - x, b - y);
        const swapped = direct.includes(code) ? Math.hypot(b - x, a - y) : Number.POSITIVE_INFINITY;
        worst = Math.max(worst, Math.min(straight, swapped) * unit);
      }
      expect(worst).toBeLessThan(0.001);
      inverse(mapped);
      // There and back, in degrees (1e-8 is a millimetre): equal-area series cost 2 mm, seven parameters up to a centimetre.
      const tolerance = direct.includes(code) ? 2e-8 : 1e-7;
      for (let i = 0; i < points.length; i++) {
        expect(Math.abs(((mapped[i]! - points[i]! + 540) % 360) - 180)).toBeLessThan(tolerance);
      }
    });
  }
});

test('what cannot be done right is an error, not a guess', async () => {
  const to = (code: number) => transformerBetween(wgs84, crsFromEpsg(code, 'projected'));
  await expect(to(27700)).rejects.toMatchObject({ code: 'crs-needs-grid', hint: expect.stringContaining('gdalwarp') });
  await expect(to(26711)).rejects.toMatchObject({ code: 'crs-needs-grid' });
  await expect(to(999_999)).rejects.toMatchObject({ code: 'unknown-crs' });
  await expect(parseCrs('gibberish')).rejects.toMatchObject({ code: 'unknown-crs' });
  await expect(lookUpEpsg(1)).rejects.toMatchObject({ code: 'unknown-crs' });
  const nowhere = await parseCrs('+proj=utm +zone=30 +ellps=intl +units=m +no_defs');
  await expect(transformerBetween(nowhere, wgs84)).rejects.toMatchObject({ code: 'crs-datum-unknown' });
});

test('an approximate transformer takes the best shift without a grid, and says how good it is', async () => {
  const { forward, approximation } = await transformerBetween(wgs84, crsFromEpsg(27700, 'projected'), {
    approximate: true,
  });
  const london = Float64Array.of(-0.1276, 51.5072);
  forward(london);
  // PROJ's answer by code without grid files.
  expect(Math.hypot(london[0]! - 530043.195, london[1]! - 180358.209)).toBeLessThan(0.01);
  expect(approximation).toMatchObject({ accuracy: 2, text: expect.stringContaining('good to about 2 m') });
  expect((await transformerBetween(wgs84, crsFromEpsg(28992, 'projected'))).approximation).toBeNull();
});

test('two projections of one datum need no grid between them', async () => {
  const { forward } = await transformerBetween(crsFromEpsg(26711, 'projected'), crsFromEpsg(26712, 'projected'));
  const points = Float64Array.of(500000, 4000000);
  forward(points);
  expect(points.every(Number.isFinite)).toBe(true);
});

test('WKT, PROJJSON, URNs and PROJ strings are understood', async () => {
  expect(await parseCrs('urn:ogc:def:crs:EPSG::32633')).toMatchObject({ code: 'EPSG:32633', kind: 'projected' });
  expect(await parseCrs('EPSG:4326')).toMatchObject({ name: 'WGS 84', kind: 'geographic' });
  const wkt =
    'PROJCS["mine",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]';
  const mine = await parseCrs(wkt);
  expect(mine).toMatchObject({ name: 'mine', code: null, kind: 'projected' });
  const { forward } = await transformerBetween(mine, crsFromEpsg(32633, 'projected'));
  const points = Float64Array.of(612345, 5234567);
  forward(points);
  expect(points[0]).toBeCloseTo(612345, 6);
  expect(points[1]).toBeCloseTo(5234567, 6);
});

test('a point outside the projection becomes NaN, quietly', async () => {
  const { forward } = await transformerBetween(wgs84, crsFromEpsg(3857, 'projected'));
  const points = Float64Array.of(0, 95, 10, 20, Number.NaN, 0);
  forward(points);
  expect(Array.from(points, Number.isFinite)).toEqual([false, false, true, true, false, false]);
});
