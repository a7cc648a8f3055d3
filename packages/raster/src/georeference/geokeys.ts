import { type GeoKeys, GeoKey } from './geokey.js';
import { type Crs, crsFromEpsg } from './crs.js';
import { crsFromWkt } from './gdal-xml.js';
import { crsFromUserKeys } from './geokeys-projection.js';

/** GeoTIFF's value for "defined by the other keys". */
const userDefined = 32767;

/** Takes the key directory apart; keys that point outside their parameters are left out. */
export function parseGeoKeys(directory: readonly number[], doubles: readonly number[], ascii: string): GeoKeys {
  const keys = new Map<number, number | string | readonly number[]>();
  const count = Math.min(directory[3] ?? 0, Math.floor((directory.length - 4) / 4));
  for (let i = 0; i < count; i++) {
    const [id, location, length, value] = directory.slice(4 + 4 * i, 8 + 4 * i) as [number, number, number, number];
    if (location === 0) keys.set(id, value);
    else if (location === 34737) keys.set(id, ascii.slice(value, value + length).replace(/[|\0]+$/, ''));
    else if (location === 34736 && value < doubles.length) {
      keys.set(id, length === 1 ? doubles[value]! : doubles.slice(value, value + length));
    }
  }
  return keys;
}

/** True where GTRasterTypeGeoKey says that map coordinates belong to pixel centres. */
export function isPixelIsPoint(keys: GeoKeys): boolean {
  return keys.get(GeoKey.rasterType) === 2;
}

/** The CRS the keys describe; null where they describe none. */
export async function crsFromGeoKeys(keys: GeoKeys): Promise<Crs | null> {
  const model = keys.get(GeoKey.modelType);
  const projected = keys.get(GeoKey.projectedCrs);
  if (typeof projected === 'number' && isCode(projected)) {
    return crsFromEpsg(projected, 'projected', citation(keys, GeoKey.projectedCitation));
  }
  const geodetic = keys.get(GeoKey.geodeticCrs);
  if (model === 2 || (model === undefined && projected === undefined)) {
    if (typeof geodetic === 'number' && isCode(geodetic)) {
      return crsFromEpsg(geodetic, 'geographic', citation(keys, GeoKey.geodeticCitation));
    }
  }
  if (model === 3) {
    return typeof geodetic === 'number' && isCode(geodetic) ? crsFromEpsg(geodetic, 'geocentric') : null;
  }
  const user = crsFromEsri(keys) ?? (await crsFromUserKeys(keys));
  if (user) return { ...user, keys: [...keys] };
  const name = citation(keys, GeoKey.citation) ?? citation(keys, GeoKey.projectedCitation);
  return model === 1 || name
    ? { name: name ?? 'unknown', code: null, definition: null, kind: 'local', keys: [...keys] }
    : null;
}

/** GDAL and ESRI put what keys cannot say into a citation as WKT. */
function crsFromEsri(keys: GeoKeys): Crs | null {
  for (const key of [GeoKey.projectedCitation, GeoKey.citation, GeoKey.geodeticCitation]) {
    const value = keys.get(key);
    const wkt = typeof value === 'string' ? /^ESRI PE String\s*=\s*([\s\S]*)$/.exec(value)?.[1] : undefined;
    if (wkt) return crsFromWkt(wkt);
  }
  return null;
}

function isCode(value: number): boolean {
  return value > 0 && value < userDefined;
}

/** A citation's readable part: GDAL writes `ESRI PE String = …` and `a|b` lists into them. */
function citation(keys: GeoKeys, key: number): string | null {
  const value = keys.get(key);
  if (typeof value !== 'string' || value.startsWith('ESRI PE String')) return null;
  const text = value
    .replace(/^(PCS Name|GCS Name)\s*=\s*/, '')
    .split('|')[0]!
    .trim();
  return text === '' ? null : text;
}

/** The keys to write for a CRS of a known EPSG code. */
export function geoKeysForEpsg(epsg: number, kind: Crs['kind'], name: string): GeoKeys {
  const keys = new Map<number, number | string>();
  if (kind === 'projected') {
    keys.set(GeoKey.modelType, 1);
    keys.set(GeoKey.rasterType, 1);
    keys.set(GeoKey.citation, name);
    keys.set(GeoKey.projectedCrs, epsg);
  } else {
    keys.set(GeoKey.modelType, kind === 'geocentric' ? 3 : 2);
    keys.set(GeoKey.rasterType, 1);
    keys.set(GeoKey.geodeticCrs, epsg);
    keys.set(GeoKey.geodeticCitation, name);
  }
  return keys;
}

/** Serialises keys into the three tags. */
export function encodeGeoKeys(keys: GeoKeys): { directory: number[]; doubles: number[]; ascii: string } {
  const entries = [...keys].toSorted((a, b) => a[0] - b[0]);
  const directory = [1, 1, 1, entries.length];
  const doubles: number[] = [];
  let ascii = '';
  for (const [id, value] of entries) {
    if (typeof value === 'string') {
      const text = `${value.replaceAll('|', '/')}|`;
      directory.push(id, 34737, text.length, ascii.length);
      ascii += text;
    } else if (
      typeof value === 'number' &&
      Number.isInteger(value) &&
      value >= 0 &&
      value < 65536 &&
      !isDoubleKey(id)
    ) {
      directory.push(id, 0, 1, value);
    } else {
      const values = typeof value === 'number' ? [value] : value;
      directory.push(id, 34736, values.length, doubles.length);
      doubles.push(...values);
    }
  }
  return { directory, doubles, ascii };
}

/** Keys whose values are doubles even where they happen to be whole. */
function isDoubleKey(id: number): boolean {
  return (
    (id >= 2057 && id <= 2059) || id === 2055 || id === 2053 || id === 2061 || id === 2062 || (id >= 3077 && id <= 3095)
  );
}
