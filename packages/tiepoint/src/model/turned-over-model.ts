import { composeTransforms, fitTransform, isMatrixTransform, type Transform } from '@tiepoint/geometry';
import { turnOver } from '../inputs/mirror.js';
import type { FileModel } from './file-model.js';

function throughTurn(model: FileModel, points: FileModel['points'], height: number): Transform {
  const { sensedToReference } = model;
  if (isMatrixTransform(sensedToReference)) return composeTransforms(sensedToReference, turnOver(height));
  // Bases of bent models do not mirror: they are fitted again to the same points.
  const weights = Float64Array.from(model.inliers);
  return fitTransform(points, sensedToReference.model, weights)?.transform ?? sensedToReference;
}

/** A model of the view of the sensed image with its rows turned over, as one of the image of that height itself. */
export function fromTurnedOver(model: FileModel, height: number): FileModel {
  const source = model.points.source.map((v, i) => (i % 2 === 0 ? v : height - v));
  const points = { ...model.points, source };
  return {
    ...model,
    points,
    sensedToReference: throughTurn(model, points, height),
    covarianceAt: (x, y) => model.covarianceAt(x, height - y),
  };
}
