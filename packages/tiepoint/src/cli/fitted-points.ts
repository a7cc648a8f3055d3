import {
  type Correspondences,
  fitTransform,
  minimalCount,
  TiepointError,
  type Transform,
  type TransformModel,
} from '@tiepoint/geometry';
import { controlPointFormat, type ControlPointSet, parseControlPoints, type ReferenceGrid } from '@tiepoint/raster';
import { onReferencePixels } from './points-on-reference.js';
import { onSensedPixels, type SensedGrid } from './points-on-sensed.js';
import { readTextFile } from './read-text-file.js';

/** The images that control points lie on. */
export interface PointImages {
  readonly reference: ReferenceGrid;
  readonly sensed: SensedGrid;
}

/** A transform fitted to control points, and what was guessed or left out on the way. */
export interface FittedPoints {
  readonly transform: Transform;
  readonly warnings: readonly string[];
}

function fitPoints(set: ControlPointSet, model: TransformModel, path: string): Transform {
  const points = set.points.filter((point) => point.enabled !== false);
  const correspondences: Correspondences = {
    source: Float64Array.from(points.flatMap((point) => [point.x, point.y])),
    target: Float64Array.from(points.flatMap((point) => [point.mapX, point.mapY])),
    ...(points.every((point) => point.covariance !== undefined)
      ? { covariance: Float64Array.from(points.flatMap((point) => [...point.covariance!])) }
      : {}),
  };
  const fit = fitTransform(correspondences, model);
  if (fit !== null) return fit.transform;
  throw new TiepointError(
    'points-degenerate',
    `${path}: its ${points.length} points do not determine a ${model} transform`,
    {
      hint: `It takes at least ${minimalCount(model)} points that are not on one line. A simpler --model needs fewer.`,
      value: points.length,
    },
  );
}

/**
 * Reads control points and fits a transform to those that are enabled.
 * @param images the images whose pixels the points are to be brought to; left as they are where absent.
 * @throws TiepointError `points-degenerate`, `crs-mismatch`, and those of reading.
 */
export async function readFittedPoints(
  path: string,
  model: TransformModel,
  images?: PointImages,
): Promise<FittedPoints> {
  const read = await parseControlPoints(await readTextFile(path), controlPointFormat(path));
  if (images === undefined) return { transform: fitPoints(read, model, path), warnings: [] };
  const onSensed = onSensedPixels(read, images.sensed, path);
  const { set, warnings } = await onReferencePixels(onSensed.set, images.reference, path);
  return { transform: fitPoints(set, model, path), warnings: [...onSensed.warnings, ...warnings] };
}
