import { type Estimate, identity, subset, transformPoint } from '@tiepoint/geometry';
import { lengthScale, type PixelScale } from '../inputs/pixel-scale.js';
import { planesOf, type Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import type { PlaneModel } from '../model/fit-model.js';
import type { Refined } from '../refine/refine.js';
import { strengthOf } from '../refine/window-agreement.js';
import { accuracyOf } from './accuracy.js';
import type { Measurement } from './evidence.js';
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
function largestMotion(task: Task, { transform }: Estimate): number {
  const [, { width, height }] = planesOf(task);
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

/** Measures what speaks for a registration and against it, and how good it is. Nothing here knows what would be good enough. */
export async function measure(task: Task, refined: Refined, { estimate, points }: PlaneModel): Promise<Measurement> {
  const { agreement, ground, referenceToSensed } = refined;
  const kept = Array.from(estimate.inliers.keys()).filter((i) => estimate.inliers[i] === 1);
  const accuracy = accuracyOf(estimate.fit, subset(points, kept), ground);
  // Of what may be chance anyway it is not worth asking where else it fits.
  const rival =
    strengthOf(agreement) < measuringPolicy.localiseFrom
      ? undefined
      : await rivalPlace(task, referenceToSensed, expectedPlace(task));
  const marks = task.marks === null ? undefined : { share: task.marks.share, moved: largestMotion(task, estimate) };
  return inFilePixels({ evidence: { ...agreement, unit: 'plane px', rival, marks }, accuracy }, task.scale);
}
