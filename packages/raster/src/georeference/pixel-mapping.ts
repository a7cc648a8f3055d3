import { applyTransform, TiepointError } from '@tiepoint/geometry';
import { bendOf } from './bend.js';
import { transformerBetween } from './crs-transformer.js';
import type { Georeference } from './georeference.js';
import { invertGeoTransform, pixelToMap } from './geotransform.js';
import { newtonMap, type PointMapping } from '../warp/warp-mapping.js';

/**
 * Maps pixels of one georeferenced image to pixels of another, by their geotransforms, the bends of their control points and,
 * where they differ, their CRSs.
 * Interleaved points are changed in place, corner convention; a point without an image becomes NaN.
 * Where only one of the two has a CRS, both are taken to share it.
 * @throws {TiepointError} `invalid-option` for a geotransform without inverse; `unknown-crs`, `crs-needs-grid`, `crs-datum-unknown`.
 */
export async function pixelMapping(from: Georeference, to: Georeference): Promise<PointMapping> {
  const inverse = invertGeoTransform(to.geotransform);
  if (!inverse) {
    throw new TiepointError('invalid-option', 'a geotransform that has no inverse', {
      hint: 'Its pixels have no area; check the file.',
      value: to.geotransform,
    });
  }
  const between = from.crs && to.crs ? await transformerBetween(from.crs, to.crs) : null;
  const g = from.geotransform;
  const [bend, unbend] = [bendOf(from)?.toStraight, bendOf(to)?.toStraight];
  return (points) => {
    if (bend) applyTransform(bend, points, points);
    for (let i = 0; i + 1 < points.length; i += 2) {
      [points[i], points[i + 1]] = pixelToMap(g, points[i]!, points[i + 1]!);
    }
    between?.forward(points);
    for (let i = 0; i + 1 < points.length; i += 2) {
      [points[i], points[i + 1]] = pixelToMap(inverse, points[i]!, points[i + 1]!);
    }
    if (unbend) newtonMap(unbend)(points);
  };
}
