import { TiepointError } from '@tiepoint/geometry';
import { type ControlPointFormat, formatControlPoints, pixelToMap, type RasterFile } from '@tiepoint/raster';
import type { Keypoint } from '../../detect/detect.js';
import { pointFormatOf } from './point-file.js';

/** The format of a file of keypoints: one that keeps scores. @throws TiepointError `output-unsupported` */
export function keypointFormatOf(path: string): 'geojson' | 'csv' {
  const format: ControlPointFormat = pointFormatOf(path);
  if (format === 'geojson' || format === 'csv') return format;
  throw new TiepointError('output-unsupported', `${path}: keypoints cannot be written to such a file`, {
    hint: 'Known endings: .geojson .csv',
    value: path,
  });
}

/** Keypoints as points of the image and, where it is georeferenced, of the map; otherwise pixels stand for both. */
export function formatKeypointFile(
  format: 'geojson' | 'csv',
  keypoints: readonly Keypoint[],
  { georeference }: RasterFile,
): Promise<string> {
  const points = keypoints.map(({ x, y, score }, i) => {
    const [mapX, mapY] = georeference === null ? [x, y] : pixelToMap(georeference.geotransform, x, y);
    return { id: String(i + 1), x, y, mapX, mapY, score };
  });
  return formatControlPoints({ points, crs: georeference?.crs ?? null }, format);
}
