import type { Geotransform } from '@tiepoint/geometry';
import { type Crs, crsFromEpsg } from '../../georeference/crs.js';
import { parseCrs } from '../../georeference/crs-transformer.js';
import { lookUpEpsg } from '../../georeference/epsg-table.js';
import { crsFromWkt } from '../../georeference/gdal-xml.js';
import { type Georeference, geotransformFromGcps } from '../../georeference/georeference.js';
import { invertGeoTransform } from '../../georeference/geotransform.js';
import { type EnviHeader, listOf } from './envi-header.js';
import { enviProjection } from './envi-projection.js';

/** First zones of UTM, north and south, of the datums ENVI names. */
const utmCodes: readonly (readonly [RegExp, number, number | null])[] = [
  [/^wgs-?84$/i, 32600, 32700],
  [/^north america 1983$|^nad-?83$/i, 26900, null],
  [/^north america 1927$|^nad-?27$/i, 26700, null],
  [/^wgs-?72$/i, 32200, 32300],
  [/^european 1950$|^ed-?50$/i, 23000, null],
];
const geographicCodes: readonly (readonly [RegExp, number])[] = [
  [/^wgs-?84$/i, 4326],
  [/^north america 1983$|^nad-?83$/i, 4269],
  [/^north america 1927$|^nad-?27$/i, 4267],
];

/** Where an ENVI image lies, by `map info` or else `geo points`; null where neither says so. */
export async function enviPlace({ fields }: EnviHeader): Promise<Georeference | null> {
  const info = listOf(fields.get('map info'));
  if (info.length < 7) return placeByGeoPoints(listOf(fields.get('geo points')).map(Number));
  const geotransform = geotransformOf(info);
  if (!geotransform.every(Number.isFinite) || !invertGeoTransform(geotransform)) return null;
  return { crs: await crsOf(fields, info), geotransform, origin: 'file' };
}

function geotransformOf(info: readonly string[]): Geotransform {
  const [refX, refY, mapX, mapY, sizeX, sizeY] = info.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // Pixel (1, 1) is the corner of the first one.
  const [dx, dy] = [refX - 1, refY - 1];
  const rotation = info.map((part) => /^rotation\s*=\s*(\S+)/i.exec(part)?.[1]).find((found) => found !== undefined);
  // So GDAL writes rows that run north.
  if (Number(rotation) === 180) return [mapX - dx * sizeX, sizeX, 0, mapY - dy * sizeY, 0, sizeY];
  // Degrees, counter-clockwise.
  const angle = (-Number(rotation ?? 0) * Math.PI) / 180;
  const [a, b] = [Math.cos(angle) * sizeX, -Math.sin(angle) * sizeX];
  const [d, e] = [-Math.sin(angle) * sizeY, -Math.cos(angle) * sizeY];
  return [mapX - dx * a - dy * b, a, b, mapY - dx * d - dy * e, d, e];
}

/** Control points as (column, row, latitude, longitude), from 1. */
function placeByGeoPoints(numbers: readonly number[]): Georeference | null {
  if (numbers.length < 12 || numbers.length % 4 !== 0 || !numbers.every(Number.isFinite)) return null;
  const gcps = Array.from({ length: numbers.length / 4 }, (_, i) => {
    const [column, row, latitude, longitude] = numbers.slice(4 * i, 4 * i + 4) as [number, number, number, number];
    return { id: String(i + 1), x: column - 1, y: row - 1, mapX: longitude, mapY: latitude, mapZ: 0 };
  });
  const geotransform = geotransformFromGcps(gcps);
  return geotransform && { crs: crsFromEpsg(4326, 'geographic', 'WGS 84'), geotransform, gcps, origin: 'gcps' };
}

async function crsOf(fields: EnviHeader['fields'], info: readonly string[]): Promise<Crs | null> {
  const code = codeOf(info);
  if (code !== null) return lookUpEpsg(code).catch(() => crsFromEpsg(code, 'projected'));
  const wkt = fields
    .get('coordinate system string')
    ?.replace(/^\{|\}\s*$/g, '')
    .trim();
  const text = wkt || enviProjection(listOf(fields.get('projection info')));
  return text ? parseCrs(text).catch(() => crsFromWkt(text)) : null;
}

/** The EPSG code of what `map info` names; null of other projections, which only the string defines. */
function codeOf(info: readonly string[]): number | null {
  const [kind] = info;
  if (/^utm$/i.test(kind ?? '')) {
    const [zone, half, datum] = info.slice(7, 10);
    const south = /^s/i.test(half ?? '');
    const [, north, southern] = utmCodes.find(([name]) => name.test(datum ?? '')) ?? [];
    const base = south ? southern : north;
    const number = Number(zone);
    return base && number >= 1 && number <= 60 ? base + number : null;
  }
  if (!/^geographic/i.test(kind ?? '')) return null;
  return geographicCodes.find(([name]) => name.test(info[7] ?? ''))?.[1] ?? null;
}
