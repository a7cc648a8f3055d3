import {
  type Correspondences,
  identity,
  jacobianAt,
  type MatrixTransform,
  subset,
  type Transform,
} from '@tiepoint/geometry';
import type { ImageSize } from '../inputs/overlap.js';
import { lengthScale, type PixelScale } from '../inputs/pixel-scale.js';
import type { SharedGround } from '../inputs/shared-ground.js';
import { staysAtStart } from '../inputs/register-method.js';
import { planesOf, type Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import type { PlaneModel } from '../model/fit-model.js';
import type { Refined } from '../refine/refine.js';
import { strengthOf, type WindowAgreement } from '../refine/window-agreement.js';
import { accuracyOf } from './accuracy.js';
import { coveredShare, leastAgreeing } from './coverage.js';
import type { MarksEvidence, Measurement, RivalPlace } from './evidence.js';
import { groundBesideMarks } from '../inputs/ground-beside-marks.js';
import { holdOut } from './held-out.js';
import { type JointMatch, matchWindowsJointly } from './joint-match.js';
import { largestMotion } from '../inputs/largest-motion.js';
import { localMotion } from './local-motion.js';
import { agreementAtSamePixels, movesAway } from './same-pixels.js';
import { residualPattern } from './residual-pattern.js';
import { strongestRival } from './rival-contrast.js';
import { type ExpectedPlace, rivalPlaces } from './rival-place.js';
import { splitMotion, type SplitMotion } from './split-motion.js';

/** Where the geometry is expected, where anything is known of that. */
function expectedPlace({ start, method, searchRadius, maxShift }: Task): ExpectedPlace | null {
  if (maxShift !== null)
    return { start: start ?? identity, radius: Math.min(maxShift, start === null ? Infinity : searchRadius) };
  return start === null && !staysAtStart(method) ? null : { start: start ?? identity, radius: searchRadius };
}

/** A displacement and where it is, px of the reference. */
type LocalVector = Pick<SplitMotion, 'x' | 'y' | 'dx' | 'dy'>;

/** Side of a sensed pixel in the middle of the image, px of the reference. */
function sensedSide(sensedToReference: Transform, { width, height }: ImageSize): number {
  const [xx, xy, yx, yy] = jacobianAt(sensedToReference, width / 2, height / 2);
  return Math.sqrt(Math.abs(xx * yy - xy * yx));
}

/** A measurement of the planes in pixels of the files. */
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
      sensedSide: evidence.sensedSide && (evidence.sensedSide * length) / Math.sqrt(scale.sensed[0] * scale.sensed[1]),
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

/** What is measured of two images whatever the model: px of the planes. Plain data. */
export interface Surroundings {
  /** The ground both images show. */
  readonly ground: SharedGround;
  readonly scale: PixelScale;
  /** Size of the sensed plane. */
  readonly sensed: ImageSize;
  /** See {@link Measurement}. */
  readonly rival: RivalPlace | null | undefined;
  /** Windows that were shifted jointly near a geometry; null where that was not worth while. */
  readonly near: { readonly joint: JointMatch; readonly referenceToSensed: MatrixTransform } | null;
  /** The last pass: middles of the windows it tried, px of the reference, its matches, and which of them agree. */
  readonly windows: {
    readonly tried: Float64Array;
    readonly points: Correspondences;
    readonly agreeing: Uint8Array;
  };
  /** Share of the pixels that marks take up which both files carry, and what the ground beside them says; null where there are none. */
  readonly marks: Omit<MarksEvidence, 'moved'> | null;
  /** By how much detail agrees at the same pixels, as {@link Measurement} has it. */
  readonly samePixels?: number | undefined;
}

/** Measures a model: how good it is, and what speaks for it and against it. Nothing here knows what would be good enough. */
export function measureModel(
  { ground, scale, sensed, rival, near, windows, marks, samePixels }: Surroundings,
  agreement: WindowAgreement,
  { estimate, points, window }: Pick<PlaneModel, 'estimate' | 'points' | 'window'>,
): Measurement {
  const { transform } = estimate;
  const kept = Array.from(estimate.inliers.keys()).filter((i) => estimate.inliers[i] === 1);
  const inliers = subset(points, kept);
  const heldOut = holdOut(inliers, estimate.model);
  const agreeing = windows.points.target.filter((_, i) => windows.agreeing[i >> 1] === 1);
  // Of the windows' tie points and of the final ones, whose reach differs.
  const splits = [windows.points, points].map((set) => splitMotion(set, transform));
  const evidence = {
    ...agreement,
    unit: 'plane px' as const,
    rival,
    motion: near === null ? undefined : localMotion(near.joint, near.referenceToSensed, transform),
    marks: marks === null ? undefined : { ...marks, moved: largestMotion(sensed, transform) },
    samePixels: samePixels !== undefined && movesAway(sensed, transform) ? samePixels : undefined,
    pattern: residualPattern(heldOut, window),
    // The larger and the surer.
    split: splits.reduce(
      (a, b) => (b !== null && b.matchedJump * b.gain > (a === null ? 0 : a.matchedJump * a.gain) ? b : a),
      null,
    ),
    coverage: {
      // A window that agrees speaks for its ground, whether or not patches of it are tie points.
      share: coveredShare(Float64Array.from([...inliers.target, ...agreeing]), windows.tried, ground, window),
      least: leastAgreeing(windows.tried, agreeing),
    },
    sensedSide: sensedSide(transform, sensed),
  };
  return inFilePixels({ evidence, accuracy: accuracyOf(estimate.fit, inliers, heldOut, ground) }, scale);
}

/** Looks at what surrounds a registration: where else the images fit, and how near it. */
export async function surroundingsOf(task: Task, refined: Refined): Promise<Surroundings> {
  const { agreement, ground, referenceToSensed, windows, last } = refined;
  const [reference, { width, height }] = planesOf(task);
  // Of what may be chance anyway it is not worth asking where else it fits.
  const isChance = strengthOf(agreement) < measuringPolicy.localiseFrom;
  const joint = isChance ? null : await matchWindowsJointly(task, referenceToSensed);
  const rivals = joint === null ? undefined : rivalPlaces(reference, referenceToSensed, joint, expectedPlace(task));
  return {
    ground,
    scale: task.scale,
    sensed: { width, height },
    rival: rivals && (await strongestRival(task, referenceToSensed, rivals)),
    near: joint === null ? null : { joint: joint[0]!, referenceToSensed },
    windows: {
      tried: last.matches.centres,
      points: windows.set.points,
      agreeing: Uint8Array.from(windows.estimate.inliers),
    },
    samePixels: isChance ? undefined : agreementAtSamePixels(...planesOf(task)),
    marks: task.marks && {
      share: task.marks.share,
      ground: isChance ? undefined : await groundBesideMarks(task, task.marks, referenceToSensed),
    },
  };
}
