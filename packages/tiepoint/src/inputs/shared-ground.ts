import { type MatrixTransform, type Plane, transformPoint } from '@tiepoint/geometry';
import { areaOf, latticeIn, overlapOf } from './overlap.js';

/** The part of the reference that both images show: inside both, and valid in both. */
export interface SharedGround {
  /** px² of the reference. */
  readonly area: number;
  /** Places spread evenly over it, px of the reference; none where the images have nothing in common. */
  readonly points: readonly (readonly [number, number])[];
}

/** Places along each side of the box of the overlap that are looked at. */
const side = 32;

function validAt({ width, height, mask }: Plane, x: number, y: number): boolean {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= width || row >= height) return false;
  return mask === undefined || mask[row * width + column] === 1;
}

/**
 * The ground that two planes share at a geometry. Masks and nodata are sampled on a lattice: the area is good to some per cent
 * where they fray, and exact where there are none.
 */
export function sharedGround(reference: Plane, sensed: Plane, referenceToSensed: MatrixTransform): SharedGround {
  const outline = overlapOf(reference, sensed, referenceToSensed);
  const inside = latticeIn(outline, side);
  if (reference.mask === undefined && sensed.mask === undefined) return { area: areaOf(outline), points: inside };
  const points = inside.filter(
    ([x, y]) => validAt(reference, x, y) && validAt(sensed, ...transformPoint(referenceToSensed, x, y)),
  );
  return { area: (areaOf(outline) * points.length) / Math.max(inside.length, 1), points };
}
