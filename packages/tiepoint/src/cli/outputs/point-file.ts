import { TiepointError } from '@tiepoint/geometry';
import { type ControlPointFormat, controlPointFormat, gdalName, type RasterFile } from '@tiepoint/raster';
import { formatTiePoints } from '../../result/format-tie-points.js';
import type { TiePoint } from '../../result/tie-point.js';

/**
 * The format of a point file to be written, by its ending.
 * @throws TiepointError `output-unsupported`.
 */
export function pointFormatOf(path: string): ControlPointFormat {
  try {
    return controlPointFormat(path);
  } catch (cause) {
    const hint = 'Known endings: .geojson .csv .points .gcp .vrt .txt .annotation.json';
    throw new TiepointError('output-unsupported', `${path}: points cannot be written to such a file`, {
      hint,
      value: path,
      cause,
    });
  }
}

/** The text of a point file of the given format. */
export function formatPointFile(
  format: ControlPointFormat,
  tiePoints: readonly TiePoint[],
  reference: RasterFile,
  sensed: RasterFile,
): Promise<string> {
  // A VRT may be moved away from where it was written: it names its image by the full path.
  return formatTiePoints(format, tiePoints, reference, sensed, gdalName(sensed.location ?? sensed.name));
}
