import type { Crs } from './crs.js';
import { findEpsg } from './epsg-table.js';
import { GeoKey, type GeoKeys } from './geokey.js';
import { degreesOf, metresOf } from './geokey-units.js';

/** Projection parameter keys (OGC GeoTIFF 1.1). */
const P = {
  stdParallel1: 3078,
  stdParallel2: 3079,
  natOriginLong: 3080,
  natOriginLat: 3081,
  falseEasting: 3082,
  falseNorthing: 3083,
  falseOriginLong: 3084,
  falseOriginLat: 3085,
  falseOriginEasting: 3086,
  falseOriginNorthing: 3087,
  centerLong: 3088,
  centerLat: 3089,
  centerEasting: 3090,
  centerNorthing: 3091,
  scaleAtNatOrigin: 3092,
  scaleAtCenter: 3093,
  azimuthAngle: 3094,
  straightVertPoleLong: 3095,
  rectifiedGridAngle: 3096,
} as const;

/** Datums and geodetic systems of user-defined projections that need no table: EPSG code to PROJ. */
const geodeticKeys: Readonly<Record<number, string>> = {
  4326: '+datum=WGS84',
  6326: '+datum=WGS84',
  4258: '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0',
  6258: '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0',
  4269: '+datum=NAD83',
  6269: '+datum=NAD83',
  4267: '+datum=NAD27',
  6267: '+datum=NAD27',
  4322: '+ellps=WGS72 +towgs84=0,0,4.5,0,0,0.554,0.2263',
  6322: '+ellps=WGS72 +towgs84=0,0,4.5,0,0,0.554,0.2263',
};

/** Ellipsoids by EPSG code: semi-major axis and inverse flattening. */
const ellipsoids: Readonly<Record<number, readonly [number, number]>> = {
  7001: [6377563.396, 299.3249646],
  7004: [6377397.155, 299.1528128],
  7008: [6378206.4, 294.978698213898],
  7012: [6378249.145, 293.465],
  7019: [6378137, 298.257222101],
  7022: [6378388, 297],
  7024: [6378245, 298.3],
  7030: [6378137, 298.257223563],
  7043: [6378135, 298.26],
};

/** The CRS of user-defined keys as a PROJ string; null where the method or the datum is not known here. */
export async function crsFromUserKeys(keys: GeoKeys): Promise<Crs | null> {
  const number = (key: number): number | null => {
    const value = keys.get(key);
    return typeof value === 'number' ? value : null;
  };
  const degrees = degreesOf(number(GeoKey.angularUnits), number(GeoKey.angularUnitSize));
  const geodetic = await geodeticPart(keys, number, degrees ?? 1);
  if (geodetic === null || degrees === null) return null;
  const citation = keys.get(GeoKey.citation) ?? keys.get(GeoKey.projectedCitation) ?? keys.get(GeoKey.geodeticCitation);
  const name = typeof citation === 'string' && citation !== '' ? citation.split('|')[0]! : 'user-defined';
  const model = number(GeoKey.modelType);
  if (model === 2) {
    const unit = degrees === 1 ? '' : ` +to_degree=${degrees}`;
    return { name, code: null, definition: `+proj=longlat ${geodetic}${unit} +no_defs`, kind: 'geographic' };
  }
  if (model !== 1) return null;
  const unit = metresOf(number(GeoKey.linearUnits), number(GeoKey.linearUnitSize));
  if (unit === null) return null;
  const metres = unit === 1 ? '+units=m' : `+to_meter=${unit}`;
  const utm = utmPart(number(GeoKey.projection));
  const projection = utm ?? projectionPart(number, unit);
  if (projection === null) return null;
  return { name, code: null, definition: `${projection} ${geodetic} ${metres} +no_defs`, kind: 'projected' };
}

async function geodeticPart(
  keys: GeoKeys,
  number: (key: number) => number | null,
  degrees: number,
): Promise<string | null> {
  const code = number(GeoKey.geodeticCrs) ?? 0;
  const known = geodeticKeys[code] ?? geodeticKeys[number(GeoKey.geodeticDatum) ?? 0] ?? (await registered(code));
  if (known) return known;
  const table = ellipsoids[number(GeoKey.ellipsoid) ?? 0];
  const a = number(GeoKey.semiMajorAxis) ?? table?.[0];
  if (a === undefined) return null;
  const b = number(GeoKey.semiMinorAxis);
  const rf = number(GeoKey.inverseFlattening) ?? table?.[1];
  const shape = b !== null && rf === undefined ? `+b=${b}` : rf ? `+rf=${rf}` : `+b=${a}`;
  const shift = keys.get(GeoKey.toWgs84);
  const toWgs84 = Array.isArray(shift) ? ` +towgs84=${shift.join(',')}` : '';
  const meridian = number(GeoKey.primeMeridianLongitude);
  return `+a=${a} ${shape}${toWgs84}${meridian ? ` +pm=${meridian * degrees}` : ''}`;
}

/** The geodetic system of an EPSG code; its shift only where no grid file would be better, as a PROJ string cannot say so. */
async function registered(code: number): Promise<string | null> {
  const entry = await findEpsg(code);
  if (entry?.kind !== 'geographic') return null;
  const shape = entry.proj.replace(/\+proj=longlat\s*/, '').replace(/\s*\+no_defs/, '');
  const isKnown = entry.shift !== null && entry.accuracyByGrid === null && entry.accuracy !== 'elsewhere';
  return isKnown ? `${shape} +towgs84=${entry.shift}` : shape;
}

/** Projections 16001–16060 and 16101–16160 are the UTM zones. */
function utmPart(projection: number | null): string | null {
  if (projection === null) return null;
  if (projection > 16000 && projection <= 16060) return `+proj=utm +zone=${projection - 16000}`;
  if (projection > 16100 && projection <= 16160) return `+proj=utm +zone=${projection - 16100} +south`;
  return null;
}

function projectionPart(number: (key: number) => number | null, unit: number): string | null {
  const value = (...ids: number[]): number => {
    for (const id of ids) {
      const found = number(id);
      if (found !== null) return found;
    }
    return 0;
  };
  const lon = value(P.natOriginLong, P.falseOriginLong, P.centerLong, P.straightVertPoleLong);
  const lat = value(P.natOriginLat, P.falseOriginLat, P.centerLat);
  const scale = number(P.scaleAtNatOrigin) ?? number(P.scaleAtCenter) ?? 1;
  const sp1 = value(P.stdParallel1);
  const sp2 = value(P.stdParallel2);
  // PROJ takes false origins in metres whatever the unit.
  const east = value(P.falseEasting, P.falseOriginEasting, P.centerEasting) * unit;
  const north = value(P.falseNorthing, P.falseOriginNorthing, P.centerNorthing) * unit;
  const offset = `+x_0=${east} +y_0=${north}`;
  const azimuth = value(P.azimuthAngle);
  switch (number(GeoKey.projectionMethod)) {
    case 1:
      return `+proj=tmerc +lat_0=${lat} +lon_0=${lon} +k=${scale} ${offset}`;
    case 3:
    case 9815: {
      const gamma = number(P.rectifiedGridAngle) ?? azimuth;
      // The false origin is where the line of the azimuth meets the equator of the aposphere, or the centre.
      const origin = number(GeoKey.projectionMethod) === 3 ? ' +no_uoff' : '';
      return `+proj=omerc +lat_0=${lat} +lonc=${lon} +alpha=${azimuth} +k=${scale} ${offset} +gamma=${gamma}${origin}`;
    }
    case 7:
      return sp1 !== 0
        ? `+proj=merc +lat_ts=${sp1} +lon_0=${lon} ${offset}`
        : `+proj=merc +lon_0=${lon} +k=${scale} ${offset}`;
    case 8:
      return `+proj=lcc +lat_1=${sp1} +lat_2=${sp2} +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 9:
      return `+proj=lcc +lat_1=${lat} +lat_0=${lat} +lon_0=${lon} +k_0=${scale} ${offset}`;
    case 10:
      return `+proj=laea +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 11:
      return `+proj=aea +lat_1=${sp1} +lat_2=${sp2} +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 12:
      return `+proj=aeqd +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 13:
      return `+proj=eqdc +lat_1=${sp1} +lat_2=${sp2} +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 14:
      return `+proj=stere +lat_0=${lat} +lon_0=${lon} +k=${scale} ${offset}`;
    case 15: {
      // GDAL keeps the latitude of true scale, or the pole, in the origin's latitude.
      const pole = lat < 0 ? -90 : 90;
      const ts = Math.abs(lat) === 90 ? '' : ` +lat_ts=${lat}`;
      return `+proj=stere +lat_0=${pole}${ts} +lon_0=${lon} +k=${scale} ${offset}`;
    }
    case 16:
      return `+proj=sterea +lat_0=${lat} +lon_0=${lon} +k=${scale} ${offset}`;
    case 17:
      return `+proj=eqc +lat_ts=${sp1} +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 18:
      return `+proj=cass +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 19:
      return `+proj=gnom +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 20:
      return `+proj=mill +lon_0=${lon} ${offset}`;
    case 21:
      return `+proj=ortho +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 22:
      return `+proj=poly +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 23:
      return `+proj=robin +lon_0=${lon} ${offset}`;
    case 24:
      return `+proj=sinu +lon_0=${lon} ${offset}`;
    case 25:
      return `+proj=vandg +lon_0=${lon} ${offset}`;
    case 26:
      return `+proj=nzmg +lat_0=${lat} +lon_0=${lon} ${offset}`;
    case 28:
      return `+proj=cea +lat_ts=${sp1} +lon_0=${lon} ${offset}`;
    default:
      return null;
  }
}
