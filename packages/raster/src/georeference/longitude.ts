import type { Georeference } from './georeference.js';
import { pixelToMap } from './geotransform.js';

/** Moves longitudes (x of interleaved points, degrees) by whole turns until they lie within half a turn of `centre`. */
export function turnLongitudes(points: Float64Array, centre: number): void {
  for (let i = 0; i + 1 < points.length; i += 2) {
    points[i] = points[i]! - 360 * Math.round((points[i]! - centre) / 360);
  }
}

/**
 * The longitude in the middle of an image in degrees; null for images in other systems. Maps of 0° to 360° and of −180° to
 * 180° show the same ground with longitudes a turn apart.
 */
export function middleLongitude(
  georeference: Georeference | null,
  { width, height }: { readonly width: number; readonly height: number },
): number | null {
  if (georeference?.crs?.kind !== 'geographic') return null;
  return pixelToMap(georeference.geotransform, width / 2, height / 2)[0];
}

/** Whether part of an image lies beyond the antimeridian by its longitudes. */
export function reachesBeyond180(
  georeference: Georeference | null,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  if (georeference?.crs?.kind !== 'geographic') return false;
  const corners = [0, width].flatMap((x) => [0, height].map((y) => pixelToMap(georeference.geotransform, x, y)[0]));
  // Global grids reach over by half a pixel.
  const slack = Math.abs(georeference.geotransform[1]);
  return corners.some((lon) => Math.abs(lon) > 180 + slack);
}
