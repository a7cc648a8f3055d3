import type { Georeference } from '@tiepoint/raster';

/** Metres per degree of latitude, to a percent. */
const metresPerDegree = 111_200;

/**
 * Ground sample distance of a georeference in metres per px, the geometric mean of both axes, taken at the image's centre;
 * null where the unit of the coordinate system is not known to be metres or degrees.
 */
export function metresPerPixel(georeference: Georeference | null, width: number, height: number): number | null {
  if (georeference === null || georeference.crs === null) return null;
  const g = georeference.geotransform;
  const area = Math.abs(g[1] * g[5] - g[2] * g[4]);
  const { kind, definition } = georeference.crs;
  if (kind === 'geographic') {
    const latitude = g[3] + (g[4] * width) / 2 + (g[5] * height) / 2;
    return metresPerDegree * Math.sqrt(area * Math.max(Math.cos((latitude * Math.PI) / 180), 0));
  }
  const unit = /\+units=(\S+)/.exec(definition ?? '')?.[1];
  return kind === 'projected' && (unit === undefined ? definition?.includes('+proj') : unit === 'm')
    ? Math.sqrt(area)
    : null;
}
