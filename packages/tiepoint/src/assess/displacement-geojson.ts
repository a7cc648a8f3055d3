import type { RasterFile } from '@tiepoint/raster';
import { placesOnEarth } from '../result/places-on-earth.js';
import type { DisplacementVector } from './displacements.js';

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
  const places = await placesOnEarth(reference, pixels);
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
