import { TiepointError } from '@tiepoint/geometry';
import { controlPointFormat, parseControlPoints, type RasterFile } from '@tiepoint/raster';
import type { RegisterOptions } from '../inputs/register-options.js';
import { onReferencePixels } from './points-on-reference.js';
import { onSensedPixels } from './points-on-sensed.js';
import { readTextFile } from './read-text-file.js';
import type { MatchingFlags } from './registration-options.js';

/** The tie points that `--tie-points` names. @throws TiepointError of reading, `crs-mismatch`, `usage`, `invalid-control-points`. */
export async function importedPointsOption(
  flags: MatchingFlags,
  reference: RasterFile,
  sensed: RasterFile,
): Promise<Pick<RegisterOptions, 'tiePoints'>> {
  const { tiePoints: path, tiePointsSd: sd } = flags;
  if (path === undefined) {
    if (sd === undefined) return {};
    throw new TiepointError('usage', '--tie-points-sd says how good tie points are that --tie-points names', {
      value: sd,
    });
  }
  const read = await parseControlPoints(await readTextFile(path), controlPointFormat(path));
  const onSensed = onSensedPixels(read, sensed, path);
  const { set, warnings } = await onReferencePixels(onSensed.set, reference, path);
  const off = set.points.filter(({ enabled }) => enabled === false).length;
  const said = [
    ...onSensed.warnings,
    ...warnings,
    ...(off === 0 ? [] : [`${path}: ${off} of its points are switched off and left out`]),
  ];
  const points = set.points
    .filter(({ enabled }) => enabled !== false)
    .map(({ x, y, mapX, mapY, covariance }) => ({
      sensed: [x, y] as const,
      reference: [mapX, mapY] as const,
      covariance,
    }));
  if (points.length === 0) {
    throw new TiepointError('invalid-control-points', `${path}: holds no tie points`, {
      hint: ['Check the file; points that are switched off do not count.', ...said].join(' '),
      value: path,
    });
  }
  return { tiePoints: { points, source: path, warnings: said, sd } };
}
