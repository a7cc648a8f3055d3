import { type ControlPointSet, invertGeoTransform, pixelToMap, type RasterFile } from '@tiepoint/raster';
import type { PlacedPoints } from './points-on-reference.js';

/** Pixels beyond the image's edge that a point may lie: places are rounded, and corners lie on it. */
const slack = 1;

/** The image whose pixels points are to lie on. */
export type SensedGrid = Pick<RasterFile, 'name' | 'width' | 'height' | 'georeference'>;

/**
 * Control points on the pixels of the sensed image. QGIS writes the sources of a georeferenced layer in its map units: they are
 * brought to pixels where no source lies on the image and most do by its georeference, and that is said. Points that lie beside
 * the image after all are dropped, and counted.
 */
export function onSensedPixels(set: ControlPointSet, sensed: SensedGrid, path: string): PlacedPoints {
  const { width, height, georeference } = sensed;
  const isInside = ({ x, y }: { readonly x: number; readonly y: number }): boolean =>
    x >= -slack && y >= -slack && x <= width + slack && y <= height + slack;
  const warnings: string[] = [];
  let { points } = set;
  const inverse = georeference === null ? null : invertGeoTransform(georeference.geotransform);
  if (points.length > 0 && inverse !== null && !points.some(isInside)) {
    const moved = points.map((point) => {
      // The row was read as QGIS's negative of a line.
      const [x, y] = pixelToMap(inverse, point.x, -point.y);
      return { ...point, x, y };
    });
    if (moved.filter(isInside).length > points.length / 2) {
      points = moved;
      warnings.push(`${path}: its sources lie on the map of ${sensed.name} and are taken for map coordinates`);
    }
  }
  const kept = points.filter(isInside);
  if (kept.length < points.length) {
    warnings.push(
      `${path}: ${points.length - kept.length} of ${points.length} points do not lie on ${sensed.name} and are left out`,
    );
  }
  return { set: { ...set, points: kept }, warnings };
}
