import type { ControlPoint, ControlPointSet } from './control-point.js';
import { invalid } from './control-points-text.js';
import { crsFromEpsg } from '../georeference/crs.js';
import { crsFromCode } from '../georeference/crs-text.js';
import { parseCrs, transformerBetween } from '../georeference/crs-transformer.js';

/**
 * A GeoJSON feature a point. The geometry is in longitude and latitude, as GeoJSON wants it, where the CRS can be
 * converted; image and map coordinates, covariance and score stand exactly in the properties. Points without a CRS have
 * no geometry.
 */
export async function formatGeoJson(set: ControlPointSet): Promise<string> {
  const places = Float64Array.from(set.points.flatMap((p) => [p.mapX, p.mapY]));
  let placed = false;
  if (set.crs) {
    try {
      const wgs84 = crsFromEpsg(4326, 'geographic');
      (await transformerBetween(set.crs, wgs84, { approximate: true })).forward(places);
      placed = true;
    } catch {
      // A CRS that cannot be converted: the map coordinates still stand in the properties.
    }
  }
  const features = set.points.map((p, i) => {
    const [lon, lat] = [places[2 * i]!, places[2 * i + 1]!];
    const { id, ...properties } = p;
    return {
      type: 'Feature',
      id,
      geometry:
        placed && Number.isFinite(lon) && Number.isFinite(lat) ? { type: 'Point', coordinates: [lon, lat] } : null,
      properties,
    };
  });
  const crs = set.crs ? { mapCrs: set.crs.code ?? set.crs.definition ?? set.crs.name } : {};
  return `${JSON.stringify({ type: 'FeatureCollection', ...crs, features }, null, 1)}\n`;
}

/** Reads what {@link formatGeoJson} writes; other GeoJSON needs `x` and `y` in the properties and points for geometries. */
export async function parseGeoJson(text: string): Promise<ControlPointSet> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalid(text.slice(0, 60), 'JSON');
  }
  const features = property(document, 'features');
  if (!Array.isArray(features)) throw invalid(text.slice(0, 60), 'a FeatureCollection');
  const own = property(document, 'mapCrs');
  const hasOwn = typeof own === 'string';
  const crs = hasOwn ? (crsFromCode(own) ?? (await parseCrs(own))) : null;
  let geographic = false;
  const points = (features as unknown[]).map((feature, i): ControlPoint => {
    const p = property(feature, 'properties');
    const coordinates = property(property(feature, 'geometry'), 'coordinates');
    const place = Array.isArray(coordinates) ? (coordinates as unknown[]).map(Number) : [];
    const number = (name: string): number | undefined => {
      const value = property(p, name);
      return typeof value === 'number' ? value : undefined;
    };
    const x = number('x');
    const y = number('y');
    const ownMap = number('mapX') !== undefined;
    if (!ownMap) geographic = true;
    const mapX = number('mapX') ?? place[0];
    const mapY = number('mapY') ?? place[1];
    if (x === undefined || y === undefined || mapX === undefined || mapY === undefined) {
      throw invalid(JSON.stringify(feature).slice(0, 80), 'x and y in the properties, and a place');
    }
    const id = property(feature, 'id');
    const covariance = property(p, 'covariance');
    const enabled = property(p, 'enabled');
    const mapZ = number('mapZ');
    const score = number('score');
    return {
      id: typeof id === 'string' || typeof id === 'number' ? String(id) : String(i + 1),
      x,
      y,
      mapX,
      mapY,
      ...(mapZ === undefined ? {} : { mapZ }),
      ...(typeof enabled === 'boolean' ? { enabled } : {}),
      ...(isCovariance(covariance) ? { covariance } : {}),
      ...(score === undefined ? {} : { score }),
    };
  });
  return { points, crs: crs ?? (geographic && points.length > 0 ? crsFromEpsg(4326, 'geographic', 'WGS 84') : null) };
}

function isCovariance(value: unknown): value is [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every((v) => typeof v === 'number');
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
