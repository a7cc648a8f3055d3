import { type Correspondences, type Estimate, leaveOutResiduals, normalisedDistance } from '@tiepoint/geometry';

/** Blocks along each side of the ground that the tie points cover, at most and at least. */
const sides = { most: 6, fewest: 4 };
/** The ground that tie points cover, cut into blocks. */
export interface Blocks {
  /** Which block each tie point lies in, row by row. */
  readonly of: Uint8Array;
  /** Along each side. */
  readonly side: number;
}

/**
 * Cuts the ground that tie points cover into blocks, none smaller than the windows they come from: nearer ones share ground, and
 * errors with it. Null where that leaves too few.
 *
 * @param window - side of a window, px of the reference
 */
export function blocksOf({ target }: Correspondences, window: number): Blocks | null {
  const axis = (offset: 0 | 1): { values: Float64Array; low: number; extent: number } => {
    const values = target.filter((_, i) => i % 2 === offset);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    return { values, low, extent: values.reduce((a, b) => Math.max(a, b), -Infinity) - low };
  };
  const [x, y] = [axis(0), axis(1)];
  const side = Math.min(sides.most, Math.floor(Math.min(x.extent, y.extent) / window));
  if (!(side >= sides.fewest)) return null;
  const part = ({ values, low, extent }: typeof x): Float64Array =>
    values.map((v) => Math.min(side - 1, Math.floor((side * (v - low)) / extent)));
  const rows = part(y);
  return { of: Uint8Array.from(part(x), (column, i) => rows[i]! * side + column), side };
}

/** Of four folds, so that no two blocks of one touch along a side: every second block along and across is left out at a time. */
function foldOf(block: number, side: number): number {
  return 2 * (Math.floor(block / side) % 2) + ((block % side) % 2);
}

/**
 * The squared distance of each tie point from where a fit of the estimate's model puts it that neither it nor its block took part
 * in, normalised by its covariance (px² where there is none). Only inliers are fitted; null where too few are left for a fit.
 */
export function heldOutDistances(
  points: Correspondences,
  { of: blocks, side }: Blocks,
  { model, inliers, fit: whole }: Estimate,
): Float64Array | null {
  const residuals = leaveOutResiduals(points, model, {
    groups: blocks.map((block) => foldOf(block, side)),
    weights: Float64Array.from(inliers),
    // How much a spline smooths is known from all of them: choosing it anew would take most of the time.
    smoothing: whole.smoothing > 0 ? whole.smoothing : undefined,
  });
  if (residuals.some(Number.isNaN)) return null;
  return Float64Array.from(blocks, (_, i) => normalisedDistance(residuals, points.covariance, i));
}

/**
 * How surely the first costs are higher than the second, in standard errors: the sum of the differences over its deviation, with
 * the blocks as what is independent. Errors of neighbouring tie points are alike; a test by points would take that for evidence.
 */
export function evidenceByBlocks(first: Float64Array, second: Float64Array, { of: blocks }: Blocks): number {
  const sums = new Map<number, number>();
  for (const [i, block] of blocks.entries()) sums.set(block, (sums.get(block) ?? 0) + first[i]! - second[i]!);
  let total = 0;
  let squares = 0;
  for (const sum of sums.values()) {
    total += sum;
    squares += sum * sum;
  }
  return squares > 0 ? total / Math.sqrt(squares) : 0;
}
