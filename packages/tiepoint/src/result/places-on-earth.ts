import { type Crs, bendOf, pixelToMap, type RasterFile, transformerBetween } from '@tiepoint/raster';
import { straightPoint } from '../inputs/straighten.js';

const wgs84: Crs = { name: 'WGS 84', code: 'EPSG:4326', definition: null, kind: 'geographic' };

/**
 * Places of an image, px, interleaved, in longitude and latitude; null where nothing says where on Earth it lies.
 *
 * @throws TiepointError where its system cannot be converted
 */
export async function placesOnEarth(
  { georeference }: Pick<RasterFile, 'georeference'>,
  pixels: Float64Array,
): Promise<Float64Array | null> {
  if (georeference === null || georeference.crs === null) return null;
  const { crs, geotransform } = georeference;
  const bend = bendOf(georeference);
  const places = new Float64Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 2) {
    places.set(pixelToMap(geotransform, ...straightPoint(bend, [pixels[i]!, pixels[i + 1]!])), i);
  }
  (await transformerBetween(crs, wgs84, { approximate: true })).forward(places);
  return places;
}
