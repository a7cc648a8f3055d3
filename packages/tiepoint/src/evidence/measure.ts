import { type Estimate, identity, subset, transformPoint } from '@tiepoint/geometry';
import type { ImageSize } from '../inputs/overlap.js';
import { lengthScale, type PixelScale } from '../inputs/pixel-scale.js';
import type { SharedGround } from '../inputs/shared-ground.js';
import { planesOf, type Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import type { PlaneModel } from '../model/fit-model.js';
import type { Refined } from '../refine/refine.js';
import { strengthOf, type WindowAgreement } from '../refine/window-agreement.js';
import { accuracyOf } from './accuracy.js';
import type { Measurement, RivalPlace } from './evidence.js';
import { type ExpectedPlace, rivalPlace } from './rival-place.js';

/** Where the geometry is expected, where anything is known of that. */
function expectedPlace({ start, method, searchRadius }: Task): ExpectedPlace | null {
  return start === null && method !== 'grid' ? null : { start: start ?? identity, radius: searchRadius };
}

/** A measurement of the planes in pixels of the files. */
function inFilePixels({ evidence, accuracy }: Measurement<'plane px'>, scale: PixelScale): Measurement {
  const length = lengthScale(scale);
  const [rx, ry] = scale.reference;
  const { rival, marks } = evidence;
  return {
    evidence: {
      ...evidence,
      unit: 'px',
      rival: rival && { ...rival, dx: rival.dx * rx, dy: rival.dy * ry },
      marks: marks && { ...marks, moved: marks.moved * length },
    },
    accuracy: {
      unit: 'px',
      rmse: accuracy.rmse * length,
      checkRmse: accuracy.checkRmse * length,
      ce90: accuracy.ce90 * length,
      predictedSd: accuracy.predictedSd * length,
    },
  };
}

/** How far a transform moves the corners of the sensed plane, px, at most. */
function largestMotion({ width, height }: ImageSize, { transform }: Estimate): number {
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ] as const;
  return Math.max(
    ...corners.map(([x, y]) => {
      const [X, Y] = transformPoint(transform, x, y);
      return Math.hypot(X - x, Y - y);
    }),
  );
}

/** What is measured of two images whatever the model: px of the planes. */
export interface Surroundings {
  /** The ground both images show. */
  readonly ground: SharedGround;
  readonly scale: PixelScale;
  /** Size of the sensed plane. */
  readonly sensed: ImageSize;
  /** See {@link Measurement}. */
  readonly rival: RivalPlace | null | undefined;
  /** Share of the pixels that marks take up which both files carry; null where there are none. */
  readonly marks: number | null;
}

/** Measures a model: how good it is, and what speaks for it. */
export function measureModel(
  { ground, scale, sensed, rival, marks: share }: Surroundings,
  agreement: WindowAgreement,
  { estimate, points }: Pick<PlaneModel, 'estimate' | 'points'>,
): Measurement {
  const kept = Array.from(estimate.inliers.keys()).filter((i) => estimate.inliers[i] === 1);
  const accuracy = accuracyOf(estimate.fit, subset(points, kept), ground);
  const marks = share === null ? undefined : { share, moved: largestMotion(sensed, estimate) };
  return inFilePixels({ evidence: { ...agreement, unit: 'plane px', rival, marks }, accuracy }, scale);
}

/** Looks at what surrounds a registration: where else the images fit. */
export async function surroundingsOf(task: Task, refined: Refined): Promise<Surroundings> {
  const { agreement, ground, referenceToSensed } = refined;
  // Of what may be chance anyway it is not worth asking where else it fits.
  const rival =
    strengthOf(agreement) < measuringPolicy.localiseFrom
      ? undefined
      : await rivalPlace(task, referenceToSensed, expectedPlace(task));
  const { width, height } = planesOf(task)[1];
  return { ground, scale: task.scale, sensed: { width, height }, rival, marks: task.marks?.share ?? null };
}
