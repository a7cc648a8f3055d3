import { type Correspondences, leaveOutResiduals, type TransformModel } from '@tiepoint/geometry';

/** Tie points that were predicted by a fit they took no part in. */
export interface HeldOut {
  /** Where they lie, and by how much they miss, interleaved, px of the target. */
  readonly places: Float64Array;
  readonly residuals: Float64Array;
  /** The block that each was left out with, 0 to 8. */
  readonly blocks: Uint8Array;
}

/** Blocks along each side for held-out checks: one block of nine is left out at a time. */
const blocks = 3;

/** Which of as many equal parts of the values' range each value lies in. */
function parts(values: Float64Array): Uint8Array {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return Uint8Array.from(values, (v) => Math.min(blocks - 1, Math.floor((blocks * (v - low)) / (high - low || 1))));
}

/**
 * Residuals of tie points that took no part in the fit: the ground they cover is cut into 3×3 blocks, each is predicted from the
 * others. Blocks that leave too little for a fit are passed over.
 */
export function holdOut(points: Correspondences, model: TransformModel): HeldOut {
  const columns = parts(points.target.filter((_, i) => i % 2 === 0));
  const rows = parts(points.target.filter((_, i) => i % 2 === 1));
  const of = rows.map((row, i) => row * blocks + columns[i]!);
  const residuals = leaveOutResiduals(points, model, { groups: of });
  const known = Array.from(of.keys())
    .filter((i) => !Number.isNaN(residuals[2 * i]!))
    .toSorted((a, b) => of[a]! - of[b]!);
  const pairs = (values: Float64Array): Float64Array =>
    Float64Array.from(known.flatMap((i) => [values[2 * i]!, values[2 * i + 1]!]));
  return { places: pairs(points.target), residuals: pairs(residuals), blocks: Uint8Array.from(known, (i) => of[i]!) };
}
