import { type Crs, pixelToMap, type RasterFile, transformerBetween } from '@tiepoint/raster';
import type { DisplacementVector } from './assess.js';

const wgs84: Crs = { name: 'WGS 84', code: 'EPSG:4326', definition: null, kind: 'geographic' };

/** Places of the reference, px, interleaved, in longitude and latitude; null where nothing says where on Earth it lies. */
async function onEarth({ georeference }: RasterFile, pixels: Float64Array): Promise<Float64Array | null> {
  if (georeference === null || georeference.crs === null) return null;
  const { crs, geotransform } = georeference;
  const places = new Float64Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 2) places.set(pixelToMap(geotransform, pixels[i]!, pixels[i + 1]!), i);
  (await transformerBetween(crs, wgs84, { approximate: true })).forward(places);
  return places;
}

/**
 * Displacements as GeoJSON: a line from where each thing belongs to where it is shown, in longitude and latitude, with its
 * components in the properties. Lines are not exaggerated. Without a georeference they have no geometry.
 *
 * @param metres - of a px of the reference; null where that is not known
 * @throws TiepointError where the reference's system cannot be converted
 */
export async function formatDisplacements(
  vectors: readonly DisplacementVector[],
  reference: RasterFile,
  metres: number | null,
): Promise<string> {
  const pixels = Float64Array.from(
    vectors.flatMap(({ reference: [x, y], displacement: [dx, dy] }) => [x, y, x + dx, y + dy]),
  );
  const places = await onEarth(reference, pixels);
  const features = vectors.map(({ reference: [x, y], displacement: [dx, dy], covariance: [xx, , yy] }, i) => {
    const length = Math.hypot(dx, dy);
    const [fromX, fromY, toX, toY] = places?.subarray(4 * i, 4 * i + 4) ?? [];
    return {
      type: 'Feature',
      id: i + 1,
      geometry:
        places === null
          ? null
          : {
              type: 'LineString',
              coordinates: [
                [fromX, fromY],
                [toX, toY],
              ],
            },
      properties: {
        x,
        y,
        dx,
        dy,
        length,
        sd: Math.sqrt((xx + yy) / 2),
        ...(metres === null ? {} : { lengthMetres: length * metres }),
      },
    };
  });
  return `${JSON.stringify({ type: 'FeatureCollection', unit: 'px of the reference', features }, null, 1)}\n`;
}
