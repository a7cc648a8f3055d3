import {
  type Correspondences,
  type Covariance2,
  fitTransform,
  errorPredictor,
  jointCovariance,
  rescale,
  type Transform,
} from '@tiepoint/geometry';
import { type ErrorField, predictErrorField } from './error-field.js';
import { isFullResolution, lengthScale, type PixelScale } from '../inputs/pixel-scale.js';
import type { PlaneModel } from './fit-model.js';

/** The transform between the files, with what it rests on. */
export interface FileModel {
  readonly unit: 'px';
  readonly sensedToReference: Transform;
  /** Tie points with their covariance; source is the sensed file. */
  readonly points: Correspondences;
  /** Similarity of each, 0 to 1. */
  readonly score: Float64Array;
  /** 1 for each that agrees with the transform. */
  readonly inliers: Uint8Array;
  /** Length of each residual, px of the reference. */
  readonly residuals: Float64Array;
  /** How many of the tie points were imported: the last ones. */
  readonly imported: number;
  /** The predicted covariance, px² of the reference, of where a pixel of the sensed file is mapped to. */
  readonly covarianceAt: (x: number, y: number) => Covariance2;
  /** The same of several interleaved points together, see `jointCovariance`. */
  readonly jointCovariance: (points: Float64Array) => Float64Array;
  /** Predicts how well the transform is known all over a reference of that size; the model's px begin at `origin` of it. */
  readonly errorField: (
    size: { readonly width: number; readonly height: number },
    origin?: readonly [number, number],
  ) => ErrorField;
}

/** A model of the planes as one of the files: refitted to the inliers where the planes are smaller, as the scale along both axes may differ a little. */
export function inFilePixels(model: Omit<PlaneModel, 'localised' | 'found'>, scale: PixelScale): FileModel {
  const { estimate } = model;
  const points = rescale(model.points, scale.sensed, scale.reference);
  const refitted = isFullResolution(scale)
    ? null
    : fitTransform(points, estimate.model, Float64Array.from(estimate.inliers));
  const length = lengthScale(scale);
  const errorAt = errorPredictor(estimate.fit);
  return {
    unit: 'px',
    sensedToReference: refitted?.transform ?? estimate.transform,
    points,
    score: model.score,
    inliers: estimate.inliers,
    residuals: estimate.residuals.map((v) => v * length),
    imported: model.imported,
    covarianceAt: (x, y) => {
      const [[sx, sy], [rx, ry]] = [scale.sensed, scale.reference];
      const [xx, xy, yy] = errorAt(x / sx, y / sy);
      return [xx * rx * rx, xy * rx * ry, yy * ry * ry];
    },
    jointCovariance: (places) => {
      const ofPlane = jointCovariance(
        estimate.fit,
        places.map((v, i) => v / scale.sensed[i % 2]!),
      );
      const size = places.length;
      return ofPlane.map((v, i) => v * scale.reference[Math.floor(i / size) % 2]! * scale.reference[(i % size) % 2]!);
    },
    errorField: (size, origin) => predictErrorField(estimate.fit, size, scale.reference, origin),
  };
}
