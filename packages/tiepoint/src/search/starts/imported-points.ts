import {
  type Correspondences,
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
} from '@tiepoint/geometry';

/** Points from which on they determine an affine map well; fewer make a similarity. */
const affineCount = 6;

/**
 * The geometry that given tie points agree on, reference px → sensed px, as a start; null where they are fewer than two or do not
 * agree.
 */
export function startFrom(
  given: Correspondences,
  { seed, searchRadius }: { readonly seed: number; readonly searchRadius: number },
): MatrixTransform | null {
  const model = given.sensed.length / 2 >= affineCount ? 'affine' : 'similarity';
  const estimate = estimateTransform(given, { model, threshold: Math.max(3, searchRadius / 4), seed });
  if (estimate === null || !isMatrixTransform(estimate.transform)) return null;
  return invertTransform(estimate.transform);
}
