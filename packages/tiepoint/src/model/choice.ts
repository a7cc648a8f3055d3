import type { Correspondences } from '@tiepoint/geometry';

/** What the estimation of the final model needs. */
export interface ModelChoice {
  readonly points: Correspondences;
  readonly threshold: number;
  readonly seed: number;
  /** Independent tie points per tie point, 0 to 1. */
  readonly independence: number;
  /** Side of the windows the tie points come from, px of the reference. */
  readonly window: number;
  readonly minScale: number;
  readonly maxScale: number;
}
