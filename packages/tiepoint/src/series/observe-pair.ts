import { jacobianAt, type NetworkEdge, type Transform, transformPoint } from '@tiepoint/geometry';
import { type CorrectionModel, correctionRows, correctionSize, type Frame } from './correction.js';
import type { UsablePair } from './usable-pair.js';

/** What a pair says of the corrections of its images. */
export interface PairObservation extends Omit<NetworkEdge, 'from' | 'to'> {
  /** Where on the reference it was measured, px, interleaved. */
  readonly places: Float64Array;
}

/** The least deviation, px of the reference, that a registration has from the corrections' model at each of its places. */
const leastRoughness = 0.05;

/** The inverse of a small symmetric positive definite matrix, and the least squares that it solves. */
function leastSquares(design: readonly (readonly number[])[], size: number): readonly (readonly number[])[] {
  // [BᵀB | Bᵀ] by Gauss and Jordan; the left side is positive definite, so that no pivots are needed.
  const count = design.length;
  const rows = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (__, j) => design.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    ...design.map((row) => row[i]!),
  ]);
  for (let i = 0; i < size; i++) {
    const pivot = rows[i]!.map((v) => v / rows[i]![i]!);
    rows[i] = pivot;
    for (let j = 0; j < size; j++) {
      if (j === i) continue;
      const factor = rows[j]![i]!;
      rows[j] = rows[j]!.map((v, k) => v - factor * pivot[k]!);
    }
  }
  return rows.map((row) => row.slice(size, size + count));
}

/** The joint covariance of a pair's places as it appears on the reference of the series. */
function onReference({ jointError: { reference, covariance } }: UsablePair, toReference: Transform): Float64Array {
  const size = reference.length;
  const out = new Float64Array(size * size);
  const slopes = Array.from({ length: size / 2 }, (_, k) =>
    jacobianAt(toReference, reference[2 * k]!, reference[2 * k + 1]!),
  );
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [a, b] = [slopes[i >> 1]!, slopes[j >> 1]!];
      const [first, second] = [i - (i % 2), j - (j % 2)];
      let sum = 0;
      for (let k = 0; k < 2; k++) {
        for (let l = 0; l < 2; l++) {
          sum += a[2 * (i % 2) + k]! * covariance[(first + k) * size + second + l]! * b[2 * (j % 2) + l]!;
        }
      }
      out[i * size + j] = sum;
    }
  }
  return out;
}

/**
 * The difference of the corrections of two images that would make them meet where their pair says, with its covariance: the
 * least squares over the pair's places, what that leaves counted as noise of each.
 *
 * @param sensed - sensed image px → reference px, as known so far; @param reference - the same of the pair's reference image
 */
export function observePair(
  pair: UsablePair,
  sensed: Transform,
  reference: Transform,
  model: CorrectionModel,
  frame: Frame,
): PairObservation {
  const { jointError } = pair;
  const count = jointError.sensed.length;
  const places = new Float64Array(count);
  const apart = new Float64Array(count);
  const design: (readonly number[])[] = [];
  for (let k = 0; k < count; k += 2) {
    const [x, y] = transformPoint(sensed, jointError.sensed[k]!, jointError.sensed[k + 1]!);
    const [toX, toY] = transformPoint(reference, jointError.reference[k]!, jointError.reference[k + 1]!);
    places.set([toX, toY], k);
    apart.set([toX - x, toY - y], k);
    design.push(...correctionRows(model, frame, toX, toY));
  }
  const size = correctionSize(model);
  const solve = leastSquares(design, size);
  const difference = Float64Array.from(solve, (row) => row.reduce((sum, v, i) => sum + v * apart[i]!, 0));
  const left = apart.map((v, i) => v - design[i]!.reduce((sum, d, j) => sum + d * difference[j]!, 0));
  const roughness = left.reduce((sum, v) => sum + v * v, 0) / Math.max(1, count - size);
  const noise = onReference(pair, reference);
  for (let i = 0; i < count; i++) noise[i * count + i]! += Math.max(leastRoughness ** 2, roughness);
  const covariance = new Float64Array(size * size);
  for (const [i, a] of solve.entries()) {
    const half = Float64Array.from({ length: count }, (_, n) =>
      a.reduce((sum, v, m) => sum + v * noise[m * count + n]!, 0),
    );
    for (const [j, b] of solve.entries()) covariance[i * size + j] = b.reduce((sum, v, n) => sum + v * half[n]!, 0);
  }
  return { difference, covariance, places };
}
