import type { Geotransform } from '@tiepoint/geometry';
import { type Crs, crsFromEpsg } from '../../georeference/crs.js';
import { parseCrs } from '../../georeference/crs-transformer.js';
import { lookUpEpsg } from '../../georeference/epsg-table.js';
import { crsFromWkt } from '../../georeference/gdal-xml.js';
import type { Georeference } from '../../georeference/georeference.js';
import { invertGeoTransform } from '../../georeference/geotransform.js';
import { type EnviHeader, listOf } from './envi-header.js';

/** First zones of UTM, north and south, of the datums ENVI names. */
const utmCodes: readonly (readonly [RegExp, number, number | null])[] = [
  [/^wgs-?84$/i, 32600, 32700],
  [/^north america 1983$|^nad-?83$/i, 26900, null],
  [/^north america 1927$|^nad-?27$/i, 26700, null],
  [/^wgs-?72$/i, 32200, 32300],
];
const geographicCodes: readonly (readonly [RegExp, number])[] = [
  [/^wgs-?84$/i, 4326],
  [/^north america 1983$|^nad-?83$/i, 4269],
  [/^north america 1927$|^nad-?27$/i, 4267],
];

/** Where an ENVI image lies, by `map info` and `coordinate system string`; null where neither says so. */
export async function enviPlace({ fields }: EnviHeader): Promise<Georeference | null> {
  const info = listOf(fields.get('map info'));
  if (info.length < 7) return null;
  const [refX, refY, mapX, mapY, sizeX, sizeY] = info.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const rotation = info.map((part) => /^rotation\s*=\s*(\S+)/i.exec(part)?.[1]).find((found) => found !== undefined);
  // Degrees, counter-clockwise.
  const angle = (-Number(rotation ?? 0) * Math.PI) / 180;
  const [a, b] = [Math.cos(angle) * sizeX, -Math.sin(angle) * sizeX];
  const [d, e] = [-Math.sin(angle) * sizeY, -Math.cos(angle) * sizeY];
  // Pixel (1, 1) is the corner of the first one.
  const [dx, dy] = [refX - 1, refY - 1];
  const geotransform: Geotransform = [mapX - dx * a - dy * b, a, b, mapY - dx * d - dy * e, d, e];
  if (!geotransform.every(Number.isFinite) || !invertGeoTransform(geotransform)) return null;
  return { crs: await crsOf(fields.get('coordinate system string'), info), geotransform, origin: 'file' };
}

async function crsOf(text: string | undefined, info: readonly string[]): Promise<Crs | null> {
  const code = codeOf(info);
  if (code !== null) return lookUpEpsg(code).catch(() => crsFromEpsg(code, 'projected'));
  const wkt = text?.replace(/^\{|\}\s*$/g, '').trim();
  if (!wkt) return null;
  return parseCrs(wkt).catch(() => crsFromWkt(wkt));
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
