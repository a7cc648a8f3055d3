import { factorCholesky, solveCholesky } from '../linear/cholesky.js';
import type { WhitenedRows } from './whitened-rows.js';

/**
 * How alike the errors of two points are: (1 − own)(1 − 3h/2 + h³/2) with h = distance / range below 1, and not at all beyond. The
 * spherical model of geostatistics is the share of ground that two round windows, one range wide, have in common, but for a few per cent.
 */
export interface ErrorCorrelation {
  /** Distance from which errors are independent, px of the target. */
  readonly range: number;
  /** Share of the variance that a point has to itself, 0 to 1. */
  readonly own: number;
}

/** A correlation, how well it explains the residuals, and the variance that goes with it. */
export interface CorrelationFit {
  readonly correlation: ErrorCorrelation;
  readonly logLikelihood: number;
  /** Variance of the whitened errors: 1 where the points' covariances are as large as their errors. */
  readonly variance: number;
}

/** The correlation of the errors of two different points so many px apart. */
export function correlationAt({ range, own }: ErrorCorrelation, distance: number): number {
  const h = distance / range;
  return h < 1 ? (1 - own) * (1 - 1.5 * h + 0.5 * h ** 3) : 0;
}

/** Solves L x = b for every column of the row-major `right` in place. */
function forward(lower: Float64Array, size: number, right: Float64Array, columns: number): void {
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) {
      const factor = lower[i * size + k]!;
      if (factor === 0) continue;
      for (let c = 0; c < columns; c++) right[i * columns + c]! -= factor * right[k * columns + c]!;
    }
    for (let c = 0; c < columns; c++) right[i * columns + c]! /= lower[i * size + i]!;
  }
}

/** Distances between all points, row-major. */
export function distancesOf({ count, positions }: WhitenedRows): Float64Array {
  const distances = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const d = Math.hypot(positions[2 * i]! - positions[2 * j]!, positions[2 * i + 1]! - positions[2 * j + 1]!);
      distances[i * count + j] = d;
      distances[j * count + i] = d;
    }
  }
  return distances;
}

/**
 * The restricted likelihood of a correlation of the errors (Patterson and Thompson 1971; for correlation in space Kitanidis 1983),
 * its variance at the maximum. What the fit has taken out of the residuals is allowed for: errors that go together far look
 * smaller in residuals than they are. Null where the points do not determine it.
 */
export function fitCorrelation(
  points: WhitenedRows,
  distances: Float64Array,
  correlation: ErrorCorrelation,
): CorrelationFit | null {
  const { count, size, rows, residuals } = points;
  const matrix = distances.map((d) => correlationAt(correlation, d));
  for (let i = 0; i < count; i++) matrix[i * count + i] = 1;
  const factor = factorCholesky(matrix, count);
  const redundancy = 2 * count - size;
  if (factor === null || redundancy <= 0) return null;
  let logDeterminant = 0;
  for (let i = 0; i < count; i++) logDeterminant += 2 * Math.log(factor.lower[i * count + i]!);
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  let squares = 0;
  const columns = size + 1;
  for (const axis of [0, 1] as const) {
    const joint = new Float64Array(count * columns);
    for (let i = 0; i < count; i++) {
      joint.set(rows[axis].subarray(i * size, (i + 1) * size), i * columns);
      joint[i * columns + size] = residuals[axis][i]!;
    }
    forward(factor.lower, count, joint, columns);
    for (let i = 0; i < count; i++) {
      const at = i * columns;
      const r = joint[at + size]!;
      squares += r * r;
      for (let a = 0; a < size; a++) {
        right[a]! += joint[at + a]! * r;
        for (let b = 0; b < size; b++) normal[a * size + b]! += joint[at + a]! * joint[at + b]!;
      }
    }
  }
  const inner = factorCholesky(normal, size);
  if (inner === null) return null;
  const best = solveCholesky(inner, right);
  const explained = best.reduce((sum, value, a) => sum + value * right[a]!, 0);
  const variance = Math.max(squares - explained, 1e-12) / redundancy;
  let logNormal = 0;
  for (let a = 0; a < size; a++) logNormal += 2 * Math.log(inner.lower[a * size + a]! * inner.scale[a]!);
  const logLikelihood = -0.5 * (redundancy * Math.log(variance) + 2 * logDeterminant + logNormal);
  return { correlation, logLikelihood, variance };
}
