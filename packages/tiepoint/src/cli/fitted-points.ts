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
import { readTextFile } from './read-text-file.js';

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
 * @param reference the image whose pixels the points are to be brought to; left on their map where absent.
 * @throws TiepointError `points-degenerate`, `crs-mismatch`, and those of reading.
 */
export async function readFittedPoints(
  path: string,
  model: TransformModel,
  reference?: ReferenceGrid,
): Promise<Transform> {
  const set = await parseControlPoints(await readTextFile(path), controlPointFormat(path));
  return fitPoints(reference === undefined ? set : (await onReferencePixels(set, reference, path)).set, model, path);
}
