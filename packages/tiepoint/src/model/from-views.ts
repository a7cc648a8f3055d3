import {
  applyTransform,
  composeTransforms,
  fitTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
  type Transform,
  transformPoint,
} from '@tiepoint/geometry';
import type { ViewGeometries } from '../inputs/choose-views.js';
import type { Finding } from '../verdict/finding.js';
import type { FileModel } from './file-model.js';

function throughViews(
  { sensedToReference, inliers }: FileModel,
  points: FileModel['points'],
  toView: MatrixTransform,
  fromView: MatrixTransform,
): Transform {
  if (isMatrixTransform(sensedToReference)) {
    return composeTransforms(composeTransforms(fromView, sensedToReference), toView);
  }
  // Bases of bent models do not mirror: they are fitted again to the same points.
  return fitTransform(points, sensedToReference.model, Float64Array.from(inliers))?.transform ?? sensedToReference;
}

/** Whether pixels of the views are those of the files. */
function isWhole({ reference, sensed }: ViewGeometries): boolean {
  return [reference, sensed].every(({ window: { x, y }, turned }) => x === 0 && y === 0 && !turned);
}

/** Findings of views, whose places are px of the reference's view, with those of its file. */
export function findingsOfFiles(
  findings: readonly Finding[],
  { reference: { window } }: ViewGeometries,
): readonly Finding[] {
  return findings.map((one): Finding => {
    if (one.code !== 'two-motions' && one.code !== 'stiff-model') return one;
    const { x, y } = one.values;
    return { ...one, values: { ...one.values, x: x + window.x, y: y + window.y } } as Finding;
  });
}

/** A model of the views of two files as one of the files themselves. */
export function fromViews(model: FileModel, { reference, sensed }: ViewGeometries): FileModel {
  if (isWhole({ reference, sensed })) return model;
  const [fromReference, fromSensed] = [invertTransform(reference.toView)!, invertTransform(sensed.toView)!];
  const points = {
    ...model.points,
    source: applyTransform(fromSensed, model.points.source),
    target: applyTransform(fromReference, model.points.target),
  };
  const { x, y } = reference.window;
  return {
    ...model,
    points,
    sensedToReference: throughViews(model, points, sensed.toView, fromReference),
    covarianceAt: (px, py) => model.covarianceAt(...transformPoint(sensed.toView, px, py)),
    jointCovariance: (places) => model.jointCovariance(applyTransform(sensed.toView, places)),
    errorField: (size) => model.errorField(size, [x, y]),
  };
}
