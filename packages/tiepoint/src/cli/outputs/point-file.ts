import { TiepointError } from '@tiepoint/geometry';
import {
  type ControlPointFormat,
  controlPointFormat,
  type ControlPointSet,
  formatControlPoints,
  formatControlPointVrt,
  gdalName,
  pixelToMap,
  type RasterFile,
} from '@tiepoint/raster';
import type { TiePoint } from '../../result/tie-point.js';

/**
 * The format of a point file to be written, by its ending.
 * @throws TiepointError `output-unsupported`.
 */
export function pointFormatOf(path: string): ControlPointFormat {
  try {
    return controlPointFormat(path);
  } catch (cause) {
    const hint = 'Known endings: .geojson .csv .points .gcp .vrt .txt';
    throw new TiepointError('output-unsupported', `${path}: points cannot be written to such a file`, {
      hint,
      value: path,
      cause,
    });
  }
}

/**
 * Tie points as control points of the sensed image: where the reference is georeferenced their places are on its map,
 * otherwise they are reference pixels. Tie points that do not agree are kept but not enabled.
 */
function toControlPoints(tiePoints: readonly TiePoint[], reference: RasterFile): ControlPointSet {
  const { georeference } = reference;
  const points = tiePoints.map(({ sensed, reference: [x, y], covariance, score, inlier, imported }, i) => {
    const [mapX, mapY] = georeference === null ? [x, y] : pixelToMap(georeference.geotransform, x, y);
    const id = imported ? `imported-${i + 1}` : String(i + 1);
    return { id, x: sensed[0], y: sensed[1], mapX, mapY, covariance, score, enabled: inlier !== false };
  });
  return { points, crs: georeference?.crs ?? null };
}

/** The text of a point file of the given format. */
export async function formatPointFile(
  format: ControlPointFormat,
  tiePoints: readonly TiePoint[],
  reference: RasterFile,
  sensed: RasterFile,
): Promise<string> {
  const set = toControlPoints(tiePoints, reference);
  if (format !== 'vrt') return formatControlPoints(set, format);
  // A VRT may be moved away from where it was written: it names its image by the full path.
  return formatControlPointVrt(set, sensed, gdalName(sensed.location ?? sensed.name));
}
