import type { PixelUnit } from '../inputs/pixel-scale.js';
import type { WindowAgreement } from '../refine/window-agreement.js';
import type { Coverage } from './coverage.js';
import type { LocalMotion } from './local-motion.js';
import type { ResidualPattern } from './residual-pattern.js';
import type { SplitMotion } from './split-motion.js';

/** Another place where the sensed image fits. */
export interface RivalPlace {
  /** Shift of the sensed image against the solution, px of the reference. */
  readonly dx: number;
  readonly dy: number;
  /** Joint correlation there over that at the solution: 1 where both fit as well. */
  readonly share: number;
  /**
   * How much more alike the network finds the images there than beside it, over the same at the solution (`contrastWithAside`): 1 where
   * it cannot tell them apart. Absent where it was not asked, or sees too little at the solution itself.
   */
  readonly contrast?: number | undefined;
}

/** Marks that both files carry at the same pixels, which were left out. */
export interface MarksEvidence {
  /** Share of the pixels that they take up. */
  readonly share: number;
  /** See `groundBesideMarks`; measured where the solution may stand still with the marks. */
  readonly ground?: number | undefined;
  /** How far the solution moves the sensed image's pixels, px of the reference, at most: little where it stands still with the marks. */
  readonly moved: number;
}

/**
 * What a verdict rests on: numbers only, measured whatever the verdict's limits are.
 *
 * @typeParam U - whose pixels the lengths are in; verdicts take those of the files
 */
export interface Evidence<U extends PixelUnit = 'px'> extends WindowAgreement {
  readonly unit: U;
  /** The best other place; null where there is none, absent where none was sought because the agreement is no better than chance. */
  readonly rival?: RivalPlace | null | undefined;
  /** Absent where there are none. */
  readonly marks?: MarksEvidence | undefined;
  /** See `agreementAtSamePixels`; measured where the solution moves nearly all pixels away from theirs. */
  readonly samePixels?: number | undefined;
  /** The part of the ground that fits most clearly better elsewhere than where the transform puts it; as `rival`. */
  readonly motion?: LocalMotion | null | undefined;
  /** The line that best divides the tie points into two motions; null where they are too few. */
  readonly split?: SplitMotion | null | undefined;
  /** What held-out residuals of neighbours share; null where none could be held out. */
  readonly pattern?: ResidualPattern | null | undefined;
  readonly coverage?: Coverage | undefined;
  /** Side of a sensed pixel in the middle of its image, px of the reference; absent in evidence that was stored before this was measured. */
  readonly sensedSide?: number | undefined;
}

/** How good the answer is, px of the reference. */
export interface Accuracy<U extends PixelUnit = 'px'> {
  readonly unit: U;
  /** Root mean square residual of the inliers. */
  readonly rmse: number;
  /** Root mean square residual of tie points predicted by a fit they took no part in (spatial folds). */
  readonly checkRmse: number;
  /** Radius that holds 90 % of the held-out residuals of inliers. */
  readonly ce90: number;
  /** Root mean square over the overlap of the predicted standard deviation of the transform (per axis). */
  readonly predictedSd: number;
}

/** Evidence and accuracy of one registration, in the same pixels. */
export interface Measurement<U extends PixelUnit = 'px'> {
  readonly evidence: Evidence<U>;
  readonly accuracy: Accuracy<U>;
}
