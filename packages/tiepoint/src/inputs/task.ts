import type { Correspondences, MatrixTransform, TransformModel } from '@tiepoint/geometry';
import type { Dlsm, Engine, KeypointNetworks, StructureFeatures } from '@tiepoint/matching';
import type { FullImages } from './tie-points.js';
import type { RegisterMethod } from './types.js';

/** How two planes are registered. */
export interface PlaneOptions {
  readonly engine: Engine;
  /** Reference px → sensed px where it is known roughly (from georeferences); null where it is not. */
  readonly start: MatrixTransform | null;
  /** `grid` tries the start only, `auto` also searches rotation and scale where that does not hold, `keypoints` starts from keypoints. */
  readonly method: RegisterMethod;
  readonly model: TransformModel | 'auto';
  /** How far a window is searched from the start, px of the reference. */
  readonly searchRadius: number;
  readonly seed: number;
  /** Tie points from elsewhere, with covariances. */
  readonly given?: Correspondences;
  readonly features?: StructureFeatures;
  /** The images at full resolution, where the planes are smaller: tie points are localised there. */
  readonly full?: FullImages;
  /** Localises the tie points of the last pass; without it they are those of the grid. */
  readonly dlsm?: Dlsm;
  /** Loads the networks that find and match keypoints when they are needed; without them keypoints are RIFT's. */
  readonly keypoints?: () => Promise<KeypointNetworks | null>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}
