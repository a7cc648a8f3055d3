import type { Correspondences } from '../points/correspondences.js';
import type { ResolvedEstimateOptions } from './estimate-options.js';
import { jacobianAt, type Transform } from '../models/transform.js';

/** The singular values `[largest, smallest]` of the 2 × 2 matrix [[a, b], [c, d]], the smallest negative where it mirrors. */
export function singularValues(a: number, b: number, c: number, d: number): [number, number] {
  const sum = Math.hypot(a + d, c - b);
  const difference = Math.hypot(a - d, c + b);
  return [(sum + difference) / 2, (sum - difference) / 2];
}

/** Whether a 2 × 2 Jacobian stays within the accepted scales and reflections. */
export function isPlausibleJacobian(
  a: number,
  b: number,
  c: number,
  d: number,
  options: ResolvedEstimateOptions,
): boolean {
  const [large, small] = singularValues(a, b, c, d);
  const least = options.allowReflection ? Math.abs(small) : small;
  return large <= options.maxScale && least >= options.minScale;
}

/** Whether a transform stays within the accepted scales at the corners and the middle of the box around the source points. */
export function isPlausible(transform: Transform, points: Correspondences, options: ResolvedEstimateOptions): boolean {
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < points.source.length; i += 2) {
    minX = Math.min(minX, points.source[i]!);
    maxX = Math.max(maxX, points.source[i]!);
    minY = Math.min(minY, points.source[i + 1]!);
    maxY = Math.max(maxY, points.source[i + 1]!);
  }
  const places = [
    [minX, minY],
    [maxX, minY],
    [minX, maxY],
    [maxX, maxY],
    [(minX + maxX) / 2, (minY + maxY) / 2],
  ] as const;
  return places.every(([x, y]) => isPlausibleJacobian(...jacobianAt(transform, x, y), options));
}
