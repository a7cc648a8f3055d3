import type { Correspondences, MatrixTransform, Plane, TransformModel } from '@tiepoint/geometry';
import {
  createPyramid,
  type Dlsm,
  type Engine,
  type KeypointNetworks,
  type Pyramid,
  type StructureFeatures,
  structureFeatures,
} from '@tiepoint/matching';
import type { RegisterMethod } from './register-method.js';
import { checkPlane } from './check-plane.js';
import { type CommonMarks, findCommonMarks } from './common-marks.js';
import { type StripeAxis, withoutCommonStripes } from './common-stripes.js';
import { withoutMarks } from './without-marks.js';
import type { FullImage } from './full-image.js';
import { fullResolution, type PixelScale } from './pixel-scale.js';

/**
 * Two planes to be registered, what is known of them, and by what means: what every room is handed. Coordinates are pixels of
 * the planes; {@link PixelScale} says what they are of the files.
 */
export interface Task {
  readonly reference: Pyramid;
  readonly sensed: Pyramid;
  readonly scale: PixelScale;
  /** The images at full resolution, where the planes are clearly smaller: tie points are localised there. */
  readonly full: { readonly reference: FullImage; readonly sensed: FullImage } | null;
  /** What both files carry at the same pixels; the planes are without. */
  readonly marks: CommonMarks | null;
  /** Along what stripes ran that both carried at the same pixels; the planes are without. */
  readonly stripes: readonly StripeAxis[];
  /** Reference px → sensed px where it is known roughly (from georeferences); null where it is not. */
  readonly start: MatrixTransform | null;
  /** Tie points from elsewhere, with covariances: source is the sensed plane. */
  readonly imported: Correspondences | null;
  /** How far a window is searched from the start, px of the reference. */
  readonly searchRadius: number;
  /** How far the middle of the reference may lie from where the start puts it, px of the reference; null without a bound. */
  readonly maxShift: number | null;
  readonly method: RegisterMethod;
  readonly model: TransformModel | 'auto';
  readonly features: StructureFeatures;
  /** Localises tie points; without it they are those of the windows. */
  readonly dlsm: Dlsm | null;
  /** Loads the networks that find and match keypoints when they are wanted; null leaves keypoints to RIFT. */
  readonly keypoints: () => Promise<KeypointNetworks | null>;
  readonly engine: Engine;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** What of a task has a default where two planes are all there is. */
export type TaskOptions = Pick<Task, 'engine'> &
  Partial<Omit<Task, 'reference' | 'sensed' | 'marks' | 'stripes' | 'engine'>>;

/** How far from the start windows are searched unless told otherwise, px of the reference. */
export const usualSearchRadius = 40;

/**
 * A task of two planes.
 *
 * @throws TiepointError `image-too-small`, `no-valid-pixels`, `no-structure`
 */
export function taskOfPlanes(reference: Plane, sensed: Plane, options: TaskOptions): Task {
  checkPlane(reference, 'the reference');
  checkPlane(sensed, 'the sensed image');
  const plain = withoutCommonStripes(reference, sensed);
  const [fixed, moving] = [createPyramid(plain.reference), createPyramid(plain.sensed)];
  const marks = findCommonMarks(fixed, moving);
  const clean = (pyramid: Pyramid, plane: Plane): Pyramid =>
    marks === null ? pyramid : createPyramid(withoutMarks(plane, marks));
  return {
    scale: fullResolution,
    full: null,
    start: null,
    imported: null,
    searchRadius: usualSearchRadius,
    maxShift: null,
    method: 'auto',
    model: 'auto',
    features: structureFeatures.mind,
    dlsm: null,
    keypoints: () => Promise.resolve(null),
    seed: 0,
    ...options,
    marks,
    stripes: plain.stripes,
    reference: clean(fixed, plain.reference),
    sensed: clean(moving, plain.sensed),
  };
}

/** The planes of a task at the resolution they are matched at. */
export function planesOf({ reference, sensed }: Pick<Task, 'reference' | 'sensed'>): readonly [Plane, Plane] {
  return [reference.levels[0]!, sensed.levels[0]!];
}
