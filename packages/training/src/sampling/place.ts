import { jacobianAt, type Transform, transformPoint } from '@tiepoint/geometry';
import type { TrainingPair } from '../data/training-pairs.js';
import type { TrainingImage } from '../data/training-image.js';
import type { Linear } from '@tiepoint/matching';

/** A place of a pair seen from one of its sides, the first of which is asked for and the second where it is looked for. */
export interface Place {
  readonly first: TrainingImage;
  readonly second: TrainingImage;
  /** Centre in the first image, px. */
  readonly x: number;
  readonly y: number;
  /** The same ground in the second image, px. */
  readonly secondX: number;
  readonly secondY: number;
  /** From offsets in the first image to offsets in the second. */
  readonly across: Linear;
}

function invertLinear([a, b, c, d]: Linear): Linear {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det];
}

/**
 * A place of the pair at reference px (x, y).
 *
 * @param swapped - whether the sensed image is the first
 */
export function placeOf(pair: TrainingPair, x: number, y: number, swapped: boolean): Place {
  const transform: Transform = pair.referenceToSensed;
  const [sx, sy] = transformPoint(transform, x, y);
  const across = jacobianAt(transform, x, y);
  if (!swapped) {
    return { first: pair.reference, second: pair.sensed, x, y, secondX: sx, secondY: sy, across };
  }
  const back = invertLinear(across);
  return { first: pair.sensed, second: pair.reference, x: sx, y: sy, secondX: x, secondY: y, across: back };
}
