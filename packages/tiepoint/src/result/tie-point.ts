import type { FileModel } from '../model/file-model.js';

/** A correspondence between the two images, in pixel coordinates (corner convention: the first pixel's centre is (0.5, 0.5)). */
export interface TiePoint {
  /** [x, y], px of the sensed image. */
  readonly sensed: readonly [number, number];
  /** [x, y], px of the reference image. */
  readonly reference: readonly [number, number];
  /** [xx, xy, yy], px² of the reference grid: the uncertainty of the reference position given the sensed one. */
  readonly covariance: readonly [number, number, number];
  /** Similarity at the match, 0 to 1. */
  readonly score: number;
  /** Imported by the user and not found by matching. */
  readonly imported?: true;
  /** Of one set by hand: whether its place was snapped by DLSM, or is the person's own. */
  readonly by?: 'snapping' | 'hand';
  /** Switched off by hand: it took no part in the fit. */
  readonly off?: true;
  /** Whether it agrees with the estimated transform. Absent from mere matching, where there is none. */
  readonly inlier?: boolean;
  /** Distance between the transformed sensed position and the reference position, px of the reference grid. */
  readonly residual?: number;
}

/** The tie points of a model one by one. */
export function tiePointsOf({ points, score, inliers, residuals, imported }: FileModel): TiePoint[] {
  const { source, target } = points;
  const covariance = points.covariance!;
  return Array.from(score, (similarity, i) => ({
    sensed: [source[2 * i]!, source[2 * i + 1]!] as const,
    reference: [target[2 * i]!, target[2 * i + 1]!] as const,
    covariance: [covariance[3 * i]!, covariance[3 * i + 1]!, covariance[3 * i + 2]!] as const,
    score: Math.min(1, Math.max(0, similarity)),
    ...(i >= score.length - imported ? { imported: true as const } : {}),
    inlier: inliers[i] === 1,
    residual: residuals[i]!,
  }));
}
