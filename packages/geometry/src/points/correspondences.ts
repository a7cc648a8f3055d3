/**
 * Pairs of points of two planes that show the same place; a transform maps source to target. In a registration the source is the
 * sensed image and the target the reference.
 */
export interface Correspondences {
  /** Interleaved (x, y) in the source plane, corner convention. */
  readonly source: Float64Array;
  /** Interleaved (x, y) in the target plane, corner convention. */
  readonly target: Float64Array;
  /** Interleaved `[xx, xy, yy]` of each pair's error, px² of the target. */
  readonly covariance?: Float64Array | undefined;
}

function pick(data: Float64Array, indices: readonly number[], size: number): Float64Array {
  const out = new Float64Array(size * indices.length);
  for (const [k, i] of indices.entries()) out.set(data.subarray(size * i, size * (i + 1)), size * k);
  return out;
}

/** The pairs of the given indices, in their order. */
export function subset({ source, target, covariance }: Correspondences, indices: readonly number[]): Correspondences {
  return {
    source: pick(source, indices, 2),
    target: pick(target, indices, 2),
    covariance: covariance && pick(covariance, indices, 3),
  };
}

/**
 * The same pairs on other pixel grids with the same outer corner.
 *
 * @param sourceScale - new px per px of the source, along x and y; @param targetScale - of the target
 */
export function rescale(
  { source, target, covariance }: Correspondences,
  sourceScale: readonly [number, number],
  [tx, ty]: readonly [number, number],
): Correspondences {
  const [sx, sy] = sourceScale;
  const squares = [tx * tx, tx * ty, ty * ty] as const;
  return {
    source: source.map((v, i) => v * (i % 2 === 0 ? sx : sy)),
    target: target.map((v, i) => v * (i % 2 === 0 ? tx : ty)),
    covariance: covariance?.map((v, i) => v * squares[(i % 3) as 0 | 1 | 2]),
  };
}
