import { type MatrixTransform, transformPoint } from '@tiepoint/geometry';
import { type Straightened, straightPoint } from '../inputs/straighten.js';
import type { TiePoint } from '../result/tie-point.js';

/** Where a thing is shown and where it belongs. */
export interface DisplacementVector {
  /** Where it belongs, px of the reference. */
  readonly reference: readonly [number, number];
  /** Where the files show it minus where it belongs, px of the reference along x and y. */
  readonly displacement: readonly [number, number];
  /** [xx, xy, yy] of the measurement, px². */
  readonly covariance: readonly [number, number, number];
}

/** The displacement of each tie point that agrees with the transform. */
export function displacementsOf(
  tiePoints: readonly TiePoint[],
  placement: MatrixTransform,
  bends: Straightened['bends'] = { reference: null, sensed: null },
): readonly DisplacementVector[] {
  return tiePoints
    .filter(({ inlier }) => inlier === true)
    .map(({ sensed, reference, covariance }) => {
      // Where control points bend an image they place it too.
      const [x, y] = transformPoint(placement, ...straightPoint(bends.sensed, sensed));
      const [dueX, dueY] = straightPoint(bends.reference, reference);
      return { reference, displacement: [x - dueX, y - dueY] as const, covariance };
    });
}
