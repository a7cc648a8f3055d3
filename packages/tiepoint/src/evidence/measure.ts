import { type Estimate, identity, subset, transformPoint } from '@tiepoint/geometry';
import { lengthScale, type PixelScale } from '../inputs/pixel-scale.js';
import { planesOf, type Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import type { PlaneModel } from '../model/fit-model.js';
import type { Refined } from '../refine/refine.js';
import { strengthOf } from '../refine/window-agreement.js';
import { accuracyOf } from './accuracy.js';
import { coveredShare, leastAgreeing } from './coverage.js';
import type { Measurement } from './evidence.js';
import { holdOut } from './held-out.js';
import { matchWindowsJointly } from './joint-match.js';
import { localMotion } from './local-motion.js';
import { residualPattern } from './residual-pattern.js';
import { type ExpectedPlace, rivalPlace } from './rival-place.js';
import { splitMotion, type SplitMotion } from './split-motion.js';

/** Where the geometry is expected, where anything is known of that. */
function expectedPlace({ start, method, searchRadius, maxShift }: Task): ExpectedPlace | null {
  if (maxShift !== null)
    return { start: start ?? identity, radius: Math.min(maxShift, start === null ? Infinity : searchRadius) };
  return start === null && method !== 'grid' ? null : { start: start ?? identity, radius: searchRadius };
}

/** A measurement of the planes in pixels of the files. */
/** A displacement and where it is, px of the reference. */
type LocalVector = Pick<SplitMotion, 'x' | 'y' | 'dx' | 'dy'>;

function inFilePixels({ evidence, accuracy }: Measurement<'plane px'>, scale: PixelScale): Measurement {
  const length = lengthScale(scale);
  const [rx, ry] = scale.reference;
  const vectorAt = ({ x, y, dx, dy }: LocalVector): LocalVector => ({ x: x * rx, y: y * ry, dx: dx * rx, dy: dy * ry });
  const { rival, marks, motion, pattern, split } = evidence;
  return {
    evidence: {
      ...evidence,
      unit: 'px',
      rival: rival && { ...rival, dx: rival.dx * rx, dy: rival.dy * ry },
      marks: marks && { ...marks, moved: marks.moved * length },
      motion: motion && { ...motion, ...vectorAt(motion) },
      split: split && { ...split, ...vectorAt(split) },
      pattern: pattern && { deviation: pattern.deviation * length, ...vectorAt(pattern) },
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

/** Middles of the windows of the last pass that agree with its model, interleaved, px of the reference. */
function agreeingWindows({ windows: { set, estimate } }: Refined): Float64Array {
  return set.points.target.filter((_, i) => estimate.inliers[i >> 1] === 1);
}

/** Of the windows' tie points and of the final ones, whose reach differs. */
function clearestSplit({ windows }: Refined, { points, estimate }: PlaneModel): SplitMotion | null {
  const sets = [windows.set.points, points].map((set) => splitMotion(set, estimate.transform));
  return sets.reduce((a, b) => (b !== null && b.matchedJump > (a?.matchedJump ?? 0) ? b : a), null);
}

/** Measures what speaks for a registration and against it, and how good it is. Nothing here knows what would be good enough. */
export async function measure(task: Task, refined: Refined, model: PlaneModel): Promise<Measurement> {
  const { estimate, points, window } = model;
  const { agreement, ground, referenceToSensed } = refined;
  const kept = Array.from(estimate.inliers.keys()).filter((i) => estimate.inliers[i] === 1);
  const inliers = subset(points, kept);
  const heldOut = holdOut(inliers, estimate.model);
  const accuracy = accuracyOf(estimate.fit, inliers, heldOut, ground);
  const evidence = {
    ...agreement,
    unit: 'plane px' as const,
    marks: task.marks === null ? undefined : { share: task.marks.share, moved: largestMotion(task, estimate) },
    pattern: residualPattern(heldOut, window),
    split: clearestSplit(refined, model),
    coverage: {
      share: coveredShare(inliers.target, ground, window),
      least: leastAgreeing(refined.triedWindows, agreeingWindows(refined)),
    },
  };
  // Of what may be chance anyway it is not worth asking where else it fits.
  if (strengthOf(agreement) < measuringPolicy.localiseFrom) return inFilePixels({ evidence, accuracy }, task.scale);
  const joint = await matchWindowsJointly(task, referenceToSensed);
  const [reference] = planesOf(task);
  const rival = rivalPlace(reference, referenceToSensed, joint, expectedPlace(task));
  const motion = localMotion(joint[0]!, referenceToSensed, estimate.transform);
  return inFilePixels({ evidence: { ...evidence, rival, motion }, accuracy }, task.scale);
}
