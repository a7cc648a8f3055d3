import { TiepointError } from '@tiepoint/geometry';
import {
  type ControlPoint,
  type ControlPointSet,
  invertGeoTransform,
  pixelToMap,
  type ReferenceGrid,
  transformerBetween,
} from '@tiepoint/raster';

/** Control points whose places are pixels of the reference, and what was guessed on the way. */
export interface PlacedPoints {
  readonly set: ControlPointSet;
  readonly warnings: readonly string[];
}

/** Share of the points that must lie on the reference for their places to be taken for map coordinates. */
const mostOnGround = 0.5;

function movedTo(points: readonly ControlPoint[], places: Float64Array): ControlPoint[] {
  return points.map((point, i) => ({ ...point, mapX: places[2 * i]!, mapY: places[2 * i + 1]! }));
}

/**
 * Control points on the pixels of a reference image. Those in a coordinate system are brought to the reference's. Formats that
 * cannot name one hold either map coordinates, as `--points` writes them, or pixels: map coordinates where most of them lie on the
 * reference's ground then, and that is said.
 *
 * @throws TiepointError `crs-mismatch` where the systems cannot be converted
 */
export async function onReferencePixels(
  set: ControlPointSet,
  reference: ReferenceGrid,
  path: string,
): Promise<PlacedPoints> {
  const { georeference, width, height } = reference;
  const toPixels = georeference === null ? null : invertGeoTransform(georeference.geotransform);
  const places = Float64Array.from(set.points.flatMap(({ mapX, mapY }) => [mapX, mapY]));
  const { crs } = set;
  if (georeference === null || toPixels === null) {
    if (crs === null) return { set, warnings: [] };
    throw new TiepointError('crs-mismatch', `${path}: its points are in ${crs.name}, the reference image is nowhere`, {
      hint: 'Name a reference image that is georeferenced, or give points in its pixels.',
      value: crs.code,
    });
  }
  const warnings: string[] = [];
  if (crs !== null && georeference.crs !== null) {
    const transformer = await transformerBetween(crs, georeference.crs, { approximate: true });
    transformer.forward(places);
    if (transformer.approximation !== null) warnings.push(`${path}: ${transformer.approximation.text}`);
  }
  const pixels = Float64Array.from(places);
  let inside = 0;
  for (let i = 0; i < pixels.length; i += 2) {
    const [x, y] = pixelToMap(toPixels, pixels[i]!, pixels[i + 1]!);
    pixels.set([x, y], i);
    if (x >= 0 && y >= 0 && x <= width && y <= height) inside++;
  }
  const onMap = crs !== null || inside > mostOnGround * set.points.length;
  if (!onMap) return { set, warnings: [] };
  if (crs === null) {
    warnings.push(
      `${path}: names no coordinate system; its places lie on the reference's map and are taken for map coordinates`,
    );
  }
  const moved = movedTo(set.points, pixels);
  const kept = moved.filter(({ mapX, mapY }) => Number.isFinite(mapX) && Number.isFinite(mapY));
  if (kept.length < moved.length) {
    const lost = moved.length - kept.length;
    warnings.push(
      `${path}: ${lost} of ${moved.length} points have no place in the reference's system and are left out`,
    );
  }
  return { set: { points: kept, crs: null }, warnings };
}
