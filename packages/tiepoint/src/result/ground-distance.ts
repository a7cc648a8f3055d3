import { TiepointError } from '@tiepoint/geometry';
import { type Crs, type Georeference, pixelToMap, transformerBetween } from '@tiepoint/raster';

const wgs84: Crs = { name: 'WGS 84', code: 'EPSG:4326', definition: null, kind: 'geographic' };
/** Half the greater axis of WGS 84 in metres, and its eccentricity squared. */
const [semiMajor, eccentricity2] = [6_378_137, 0.006_694_38];

/**
 * Ground sample distance of a georeference in metres per px, the geometric mean of both axes, measured on the ellipsoid at the
 * image's centre; null where nothing says where on Earth the image lies.
 */
export async function metresPerPixel(
  georeference: Georeference | null,
  width: number,
  height: number,
): Promise<number | null> {
  if (georeference === null || georeference.crs === null) return null;
  const { crs, geotransform } = georeference;
  if (crs.kind !== 'geographic' && crs.kind !== 'projected') return null;
  const at = (x: number, y: number): [number, number] => pixelToMap(geotransform, x, y);
  const [x, y] = [width / 2, height / 2];
  const points = Float64Array.from([at(x, y), at(x + 1, y), at(x, y + 1)].flat());
  try {
    (await transformerBetween(crs, wgs84, { approximate: true })).forward(points);
  } catch (error) {
    // The registration does without metres where the system is not known; what needs the system has failed before.
    if (error instanceof TiepointError) return null;
    throw error;
  }
  const [lon, lat, lonX, latX, lonY, latY] = points as unknown as [number, number, number, number, number, number];
  const radians = Math.PI / 180;
  const bend = 1 - eccentricity2 * Math.sin(lat * radians) ** 2;
  const perLatitude = (radians * semiMajor * (1 - eccentricity2)) / bend ** 1.5;
  const perLongitude = (radians * semiMajor * Math.cos(lat * radians)) / Math.sqrt(bend);
  const cross = (lonX - lon) * (latY - lat) - (latX - lat) * (lonY - lon);
  const metres = Math.sqrt(Math.abs(cross) * perLatitude * perLongitude);
  return Number.isFinite(metres) && metres > 0 ? metres : null;
}
