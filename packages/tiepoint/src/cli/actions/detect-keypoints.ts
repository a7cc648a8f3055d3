import { TiepointError } from '@tiepoint/geometry';
import {
  type ControlPointFormat,
  formatControlPoints,
  openRaster,
  pixelToMap,
  type RasterFile,
} from '@tiepoint/raster';
import { detect, type Keypoint } from '../../detect/detect.js';
import { checkOutputs } from '../check-outputs.js';
import type { DetectFlags } from '../commands/detect.js';
import { detectorOption } from '../keypoints-option.js';
import { openMasks } from '../masks.js';
import { pointFormatOf } from '../point-file.js';
import type { CliSession } from '../session.js';
import { writeTextFile } from '../write-text-file.js';

/** The format of a file of keypoints: one that keeps scores. @throws TiepointError `output-unsupported` */
function keypointFormatOf(path: string): 'geojson' | 'csv' {
  const format: ControlPointFormat = pointFormatOf(path);
  if (format === 'geojson' || format === 'csv') return format;
  throw new TiepointError('output-unsupported', `${path}: keypoints cannot be written to such a file`, {
    hint: 'Known endings: .geojson .csv',
    value: path,
  });
}

/** Keypoints as points of the image and, where it is georeferenced, of the map; otherwise pixels stand for both. */
function keypointFile(
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

/** Finds keypoints by the command line's options. @throws TiepointError of reading, detecting and writing. */
export async function runDetect(path: string, flags: DetectFlags, session: CliSession): Promise<void> {
  const { points, count, threshold, band, quiet } = flags;
  const format = points === undefined ? null : keypointFormatOf(points);
  await checkOutputs(points === undefined ? [] : [points], [path], flags.overwrite === true);
  const { signal } = session;
  await using image = await openRaster(path, { signal });
  await using masks = await openMasks(flags, signal);
  session.progress('detecting keypoints');
  const found = await detect(image, {
    count,
    threshold,
    detector: await detectorOption(flags.detector),
    ...(band === undefined ? {} : { band }),
    ...(masks.options.mask === undefined ? {} : { mask: masks.options.mask }),
    signal,
  });
  session.progress('');
  if (points !== undefined && format !== null) {
    writeTextFile(points, await keypointFile(format, found.keypoints, image), flags.overwrite === true);
  }
  if (!quiet) {
    for (const warning of found.warnings) session.err(`tiepoint: ${warning}`);
    session.err(`${found.keypoints.length} keypoints${points === undefined ? '' : ` in ${points}`} (${found.method})`);
  }
  if (flags.json) {
    await session.out(`${JSON.stringify(found, null, 2)}\n`);
  } else if (points === undefined) {
    const lines = found.keypoints.map(({ x, y, score }) => `${x.toFixed(3)} ${y.toFixed(3)} ${score.toFixed(4)}\n`);
    await session.out(lines.join(''));
  }
}
