import { type Correspondences, fitTransform, residualsOf, subset, type TransformModel } from '@tiepoint/geometry';

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
  const indices = Array.from(rows.keys());
  const found: { block: number; places: Float64Array; residuals: Float64Array }[] = [];
  for (let block = 0; block < blocks * blocks; block++) {
    const left = subset(
      points,
      indices.filter((i) => of[i] === block),
    );
    if (left.source.length === 0) continue;
    const rest = indices.filter((i) => of[i] !== block);
    const fit = fitTransform(subset(points, rest), model);
    if (fit !== null) found.push({ block, places: left.target, residuals: residualsOf(fit.transform, left) });
  }
  return {
    places: Float64Array.from(found.flatMap(({ places }) => [...places])),
    residuals: Float64Array.from(found.flatMap(({ residuals }) => [...residuals])),
    blocks: Uint8Array.from(
      found.flatMap(({ block, places }) => Array.from({ length: places.length / 2 }, () => block)),
    ),
  };
}
