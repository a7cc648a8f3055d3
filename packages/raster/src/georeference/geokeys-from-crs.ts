import { TiepointError } from '@tiepoint/geometry';
import proj4 from 'proj4';
import type { Crs } from './crs.js';
import { GeoKey } from './geokey.js';
import { withProjDefaults } from './proj-definition.js';

type Keys = [number, number | string | readonly number[]][];

/** What proj4 makes of a definition; angles in radians, lengths in metres. */
interface Projection {
  readonly projName?: string;
  readonly a: number;
  readonly b: number;
  readonly rf?: number;
  readonly lat0?: number;
  readonly long0?: number;
  readonly lat1?: number;
  readonly lat2?: number;
  readonly lat_ts?: number;
  readonly k0?: number;
  readonly x0?: number;
  readonly y0?: number;
  readonly to_meter?: number;
  readonly from_greenwich?: number;
  readonly datumCode?: string;
  readonly datum_params?: readonly (number | string)[];
}

/** GeoTIFF's method code and the keys of its parameters, by proj4's name in small letters without `_`. */
const methodNames: Readonly<
  Record<string, 'tm' | 'lcc' | 'aea' | 'laea' | 'aeqd' | 'stere' | 'merc' | 'eqc' | 'sinu' | 'cea'>
> = {
  utm: 'tm',
  universaltransversemercatorsystem: 'tm',
  tmerc: 'tm',
  etmerc: 'tm',
  transversemercator: 'tm',
  lcc: 'lcc',
  lambertconformalconic: 'lcc',
  lambertconformalconic1sp: 'lcc',
  lambertconformalconic2sp: 'lcc',
  aea: 'aea',
  albersconicequalarea: 'aea',
  albersequalarea: 'aea',
  albers: 'aea',
  laea: 'laea',
  lambertazimuthalequalarea: 'laea',
  aeqd: 'aeqd',
  azimuthalequidistant: 'aeqd',
  stere: 'stere',
  polarstereographic: 'stere',
  polarstereographicvarianta: 'stere',
  polarstereographicvariantb: 'stere',
  merc: 'merc',
  mercator: 'merc',
  mercator1sp: 'merc',
  mercator2sp: 'merc',
  eqc: 'eqc',
  equirectangular: 'eqc',
  equidistantcylindrical: 'eqc',
  sinu: 'sinu',
  sinusoidal: 'sinu',
  cea: 'cea',
  cylindricalequalarea: 'cea',
  lambertcylindricalequalarea: 'cea',
};

const degreesPerRadian = 180 / Math.PI;

/**
 * The CRS with GeoTIFF keys, so that it can be written: one with an EPSG code or keys as it is, one given by a
 * definition with keys made of what proj4 reads in it.
 * @throws {TiepointError} `crs-unwritable` for projections GeoTIFF keys are not made for here.
 */
export function withGeoKeys(crs: Crs): Crs {
  if ((crs.code !== null && crs.kind !== 'local') || crs.keys || !crs.definition) return crs;
  let projection: Projection;
  try {
    const text = crs.definition;
    const source = text.startsWith('{') ? (JSON.parse(text) as string) : withProjDefaults(text);
    projection = new proj4.Proj(source) as unknown as Projection;
  } catch (cause) {
    throw unwritable(crs, cause);
  }
  const name = (projection.projName ?? '').toLowerCase().replaceAll(/[\s_()]/g, '');
  if (name === 'longlat' || name === 'identity') {
    return {
      ...crs,
      kind: 'geographic',
      keys: [[GeoKey.modelType, 2], [GeoKey.geodeticCitation, crs.name], ...datumKeys(projection)],
    };
  }
  const method = methodNames[name];
  const parameters = method && parameterKeys(method, projection);
  if (!parameters) throw unwritable(crs);
  const keys: Keys = [
    [GeoKey.modelType, 1],
    [GeoKey.citation, crs.name],
    [GeoKey.projectedCrs, 32767],
    [GeoKey.projection, 32767],
    ...datumKeys(projection),
    ...unitKeys(projection.to_meter ?? 1),
    ...parameters,
  ];
  return { ...crs, kind: 'projected', keys };
}

function datumKeys(p: Projection): Keys {
  const datum = (p.datumCode ?? '').toUpperCase();
  const known = /^WGS_?(19)?84$/.test(datum) ? 4326 : /^(NAD83|NORTH_AMERICAN_DATUM_1983)$/.test(datum) ? 4269 : null;
  if (known) return [[GeoKey.geodeticCrs, known]];
  const flattening = (p.a - p.b) / p.a;
  // Metres, arc seconds and parts per million, as the key wants them.
  const shift = p.datum_params?.map(Number) ?? [];
  return [
    [GeoKey.geodeticCrs, 32767],
    [GeoKey.geodeticDatum, 32767],
    [GeoKey.ellipsoid, 32767],
    [GeoKey.semiMajorAxis, [p.a]],
    flattening === 0 ? [GeoKey.semiMinorAxis, [p.b]] : [GeoKey.inverseFlattening, [p.rf ?? 1 / flattening]],
    ...(p.from_greenwich
      ? ([[GeoKey.primeMeridianLongitude, [p.from_greenwich * degreesPerRadian]]] satisfies Keys)
      : []),
    ...(shift.length > 0 ? ([[GeoKey.toWgs84, shift]] satisfies Keys) : []),
  ];
}

function unitKeys(metres: number): Keys {
  if (metres === 1) return [[GeoKey.linearUnits, 9001]];
  if (Math.abs(metres - 0.3048) < 1e-12) return [[GeoKey.linearUnits, 9002]];
  if (Math.abs(metres - 1200 / 3937) < 1e-12) return [[GeoKey.linearUnits, 9003]];
  return [
    [GeoKey.linearUnits, 32767],
    [GeoKey.linearUnitSize, [metres]],
  ];
}

function parameterKeys(method: (typeof methodNames)[string], p: Projection): Keys | null {
  const degrees = (angle: number | undefined): readonly number[] => [(angle ?? 0) * degreesPerRadian];
  const unit = p.to_meter ?? 1;
  const lat = degrees(p.lat0);
  const lon = degrees(p.long0);
  const scale = [p.k0 ?? 1];
  const falseOrigin: Keys = [
    [3082, [(p.x0 ?? 0) / unit]],
    [3083, [(p.y0 ?? 0) / unit]],
  ];
  const methodKey = (code: number): Keys => [[GeoKey.projectionMethod, code]];
  switch (method) {
    case 'tm':
      return [...methodKey(1), [3080, lon], [3081, lat], [3092, scale], ...falseOrigin];
    case 'lcc':
      if (p.lat2 === undefined || p.lat1 === p.lat2) {
        // With one parallel the origin must lie on it; proj4 fills in a second that equals the first.
        if (Math.abs((p.lat1 ?? p.lat0 ?? 0) - (p.lat0 ?? 0)) > 1e-12) break;
        return [...methodKey(9), [3080, lon], [3081, lat], [3092, scale], ...falseOrigin];
      }
      break;
    case 'aea':
      return [
        ...methodKey(11),
        [3078, degrees(p.lat1)],
        [3079, degrees(p.lat2)],
        [3080, lon],
        [3081, lat],
        ...falseOrigin,
      ];
    case 'laea':
    case 'aeqd':
      return [...methodKey(method === 'laea' ? 10 : 12), [3088, lon], [3089, lat], ...falseOrigin];
    case 'stere': {
      if (Math.abs(Math.abs(lat[0]!) - 90) > 1e-9) {
        return [...methodKey(14), [3088, lon], [3089, lat], [3092, scale], ...falseOrigin];
      }
      // A latitude of true scale says the scale; proj4 has worked its own out of it.
      const trueScale = p.lat_ts !== undefined;
      const origin = trueScale ? degrees(p.lat_ts) : lat;
      return [...methodKey(15), [3095, lon], [3081, origin], [3092, trueScale ? [1] : scale], ...falseOrigin];
    }
    case 'merc':
      return p.lat_ts
        ? [...methodKey(7), [3078, degrees(p.lat_ts)], [3080, lon], [3081, [0]], ...falseOrigin]
        : [...methodKey(7), [3080, lon], [3081, [0]], [3092, scale], ...falseOrigin];
    case 'eqc':
      return [...methodKey(17), [3078, degrees(p.lat_ts)], [3088, lon], [3089, lat], ...falseOrigin];
    case 'sinu':
      return [...methodKey(24), [3088, lon], ...falseOrigin];
    case 'cea':
      return [...methodKey(28), [3078, degrees(p.lat_ts)], [3080, lon], ...falseOrigin];
    default:
      return null;
  }
  return [
    ...methodKey(8),
    [3078, degrees(p.lat1)],
    [3079, degrees(p.lat2 ?? p.lat1)],
    [3084, lon],
    [3085, lat],
    [3086, [(p.x0 ?? 0) / unit]],
    [3087, [(p.y0 ?? 0) / unit]],
  ];
}

function unwritable(crs: Crs, cause?: unknown): TiepointError {
  return new TiepointError(
    'crs-unwritable',
    `the coordinate reference system ${crs.name} cannot be written into a GeoTIFF here`,
    {
      hint: 'Choose a system with an EPSG code.',
      value: crs.definition,
      cause,
    },
  );
}
