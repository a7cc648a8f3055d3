import { type MatrixTransform, median, transformPoint } from '@tiepoint/geometry';
import { type ImageSize, overlapOf } from '../inputs/overlap.js';

/** A geometry and how many pairs of keypoints agree with it. */
export interface SupportedView {
  readonly inliers: number;
  /** Reference px → sensed px. */
  readonly referenceToSensed: MatrixTransform;
}

/** Pairs that agree with some view of unrelated images by chance, whether one was found or not. */
const byChance = 7;

/** How far apart two geometries put the ground that the images show in common at the first, px of the sensed image. */
export function distanceBetween(
  reference: ImageSize,
  sensed: ImageSize,
  first: MatrixTransform,
  second: MatrixTransform,
): number {
  const distances = overlapOf(reference, sensed, first).map(([x, y]) => {
    const [[u, v], [s, t]] = [transformPoint(first, x, y), transformPoint(second, x, y)];
    return Math.hypot(u - s, v - t);
  });
  return distances.length === 0 ? Infinity : median(distances);
}

/**
 * How plainly keypoints prefer a view: n · log10(n / m), where n pairs agree with it and m with the best view that puts the ground
 * elsewhere. Between unrelated images many views have about as many pairs.
 *
 * @param views - with the view itself
 * @param radius - views that put the ground nearer to each other than this are one, px of the sensed image
 */
export function viewSupport(
  view: SupportedView,
  views: readonly SupportedView[],
  [reference, sensed]: readonly [ImageSize, ImageSize],
  radius: number,
): number {
  const others = views.filter(
    ({ referenceToSensed }) => distanceBetween(reference, sensed, view.referenceToSensed, referenceToSensed) > radius,
  );
  const most = Math.max(byChance, ...others.map(({ inliers }) => inliers));
  return Math.max(0, view.inliers * Math.log10(view.inliers / most));
}

/** Views of unrelated images reach this support; what lies beyond is worth so many decades each, up to a limit. */
const support = { chance: 2, weight: 4, most: 24 };

/** What a view's support is worth, decades. */
export function decadesOfSupport(value: number): number {
  return Math.min(support.weight * Math.max(0, value - support.chance), support.most);
}
