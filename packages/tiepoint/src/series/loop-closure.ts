import { type Transform, transformPoint } from '@tiepoint/geometry';
import { circularSd, covarianceAt, type ErrorField } from '../model/error-field.js';

/** A registration as a loop sees it: where it maps to, and how well that is known. */
export interface LoopSide {
  /** Sensed pixel → reference pixel of this registration. */
  readonly transform: Transform;
  /** On the reference of this registration. */
  readonly errorField: ErrorField;
}

/** How well three registrations agree that should make a loop: an earlier image, a later one, and the common reference. */
export interface LoopClosure {
  /** Root mean square distance between the direct way and that through the later image, px of the reference. */
  readonly misclosure: number;
  /** What the predicted errors of the three let expect of it, px. */
  readonly expected: number;
  /** False where the misclosure is more than the predicted errors and a px explain: at least one of the three is wrong. */
  readonly consistent: boolean;
}

/** Places along each side of the earlier image at which the ways are compared. */
const side = 6;
/** Misclosure that is never held against a loop, px: relief and change make as much. */
const tolerated = 1;
/** Times the expected misclosure beyond which a loop is inconsistent. */
const factor = 3;

/** Length on the reference of a px of the later image, root of the area. */
function stretch(transform: Transform, x: number, y: number): number {
  const [ax, ay] = transformPoint(transform, x - 0.5, y);
  const [bx, by] = transformPoint(transform, x + 0.5, y);
  const [cx, cy] = transformPoint(transform, x, y - 0.5);
  const [dx, dy] = transformPoint(transform, x, y + 0.5);
  return Math.sqrt(Math.abs((bx - ax) * (dy - cy) - (by - ay) * (dx - cx)));
}

/**
 * Compares two ways from an earlier image to the reference: directly, and through a later image. Registrations that are each
 * plausible but wrong seldom agree.
 *
 * @param size - of the earlier image, px
 * @param direct - earlier → reference
 * @param step - earlier → later
 * @param later - later → reference
 */
export function closeLoop(
  size: { readonly width: number; readonly height: number },
  direct: LoopSide,
  step: LoopSide,
  later: LoopSide,
): LoopClosure {
  let squares = 0;
  let expected = 0;
  for (let i = 0; i < side * side; i++) {
    const x = (((i % side) + 0.5) / side) * size.width;
    const y = ((Math.floor(i / side) + 0.5) / side) * size.height;
    const [dx, dy] = transformPoint(direct.transform, x, y);
    const [lx, ly] = transformPoint(step.transform, x, y);
    const [tx, ty] = transformPoint(later.transform, lx, ly);
    squares += (tx - dx) ** 2 + (ty - dy) ** 2;
    const variance =
      circularSd(covarianceAt(direct.errorField, dx, dy)) ** 2 +
      circularSd(covarianceAt(later.errorField, tx, ty)) ** 2 +
      (stretch(later.transform, lx, ly) * circularSd(covarianceAt(step.errorField, lx, ly))) ** 2;
    expected += 2 * variance;
  }
  const count = side * side;
  const misclosure = Math.sqrt(squares / count);
  const sd = Math.sqrt(expected / count);
  return { misclosure, expected: sd, consistent: misclosure <= Math.max(tolerated, factor * sd) };
}
