import {
  type ControlPointFormat,
  type ControlPointSet,
  formatAnnotation,
  formatControlPoints,
  formatControlPointVrt,
  pixelToMap,
  type RasterFile,
} from '@tiepoint/raster';
import type { TiePoint } from './tie-point.js';

/**
 * Tie points as control points of the sensed image: where the reference is georeferenced their places are on its map,
 * otherwise they are reference pixels. Tie points that do not agree are kept but not enabled.
 */
function toControlPoints(tiePoints: readonly TiePoint[], reference: Pick<RasterFile, 'georeference'>): ControlPointSet {
  const { georeference } = reference;
  const points = tiePoints.map(({ sensed, reference: [x, y], covariance, score, inlier, imported }, i) => {
    const [mapX, mapY] = georeference === null ? [x, y] : pixelToMap(georeference.geotransform, x, y);
    const id = imported ? `imported-${i + 1}` : String(i + 1);
    return { id, x: sensed[0], y: sensed[1], mapX, mapY, covariance, score, enabled: inlier !== false };
  });
  return { points, crs: georeference?.crs ?? null };
}

/**
 * The text of a file of tie points.
 *
 * @param name - of the sensed image, as a VRT is to name it
 */
export async function formatTiePoints(
  format: ControlPointFormat,
  tiePoints: readonly TiePoint[],
  reference: Pick<RasterFile, 'georeference'>,
  sensed: RasterFile,
  name: string = sensed.name,
): Promise<string> {
  const set = toControlPoints(tiePoints, reference);
  if (format === 'vrt') return formatControlPointVrt(set, sensed, name);
  if (format === 'annotation') return formatAnnotation(set, { id: addressOf(sensed), ...sizeOf(sensed) });
  return formatControlPoints(set, format);
}

const sizeOf = ({ width, height }: RasterFile): { readonly width: number; readonly height: number } => ({
  width,
  height,
});

/** A URL of the image: its own, or that of its file. */
function addressOf({ location, name }: RasterFile): string {
  const place = location ?? name;
  if (/^[a-z][a-z0-9+.-]+:/i.test(place)) return place;
  return new URL(encodeURI(place).replaceAll('#', '%23').replaceAll('?', '%3F'), 'file:///').href;
}
