import type { TransformModel } from '@tiepoint/geometry';
import type { Dlsm, Engine, KeypointNetworks, StructureFeatureName, StructureFeatures } from '@tiepoint/matching';
import type { RasterFile } from '@tiepoint/raster';
import type { RegisterMethod } from './register-method.js';
import type { VerdictLimits } from '../verdict/limits.js';
import type { ImportedTiePoints } from './imported-tie-points.js';

/** How two files are registered; everything has a default. */
export interface RegisterOptions {
  /** `auto` starts from the georeferences, or pixel on pixel, and searches rotation and scale where that does not hold, by correlation nearby, by keypoint networks, and by correlation everywhere; `grid` does not search; `keypoints` starts from keypoints whatever the georeferences say. */
  readonly method?: RegisterMethod | undefined;
  /** `auto` is affine unless an information criterion strongly prefers similarity or projective, or a model that bends predicts unseen tie points clearly better. */
  readonly model?: TransformModel | 'auto' | undefined;
  /** Band of the sensed image, from 1; default the luminance of colour images, else 1. `auto` tries them all, see `chooseBands`. */
  readonly band?: number | 'auto' | undefined;
  readonly referenceBand?: number | 'auto' | undefined;
  /** Tie points from elsewhere, joined to those that are found; they are also a start. */
  readonly tiePoints?: ImportedTiePoints | undefined;
  /** Where the sensed image may be used: not zero is valid. Of the image's size, pixel on pixel; stays open. */
  readonly mask?: RasterFile | undefined;
  /** The same for the reference. */
  readonly referenceMask?: RasterFile | undefined;
  /** Whether georeferences are used; default true. */
  readonly georeference?: boolean | undefined;
  /** How far from the start matches are sought, px of the reference; default 40. */
  readonly searchRadius?: number | undefined;
  /** How far the middle of the reference may lie from where the georeferences put it, pixel on pixel without them, px of the reference: a bound for every search. */
  readonly maxShift?: number | undefined;
  /** Whether the sensed image is mirrored; by default where the georeferences say so. */
  readonly mirrored?: boolean | undefined;
  /** What windows are described by, by name (`mind`, `hopc`, …) or features of one's own; default `mind`. */
  readonly features?: StructureFeatureName | StructureFeatures | undefined;
  /** Localises the tie points; the weights that come with the package unless given, null to do without. */
  readonly dlsm?: Dlsm | null | undefined;
  /** Find and match keypoints; those that come with the package, if any do, unless given; null leaves keypoints to RIFT. */
  readonly keypoints?: KeypointNetworks | null | undefined;
  /** Longest side that is matched at, px; default 4096. Larger images are averaged down, and their tie points localised at full resolution. */
  readonly workingSide?: number | undefined;
  /** Where verdicts begin, in place of the usual limits. */
  readonly limits?: VerdictLimits | undefined;
  /** Whether the document says how many seconds each stage took; default false. */
  readonly timings?: boolean | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** An engine to reuse; by default one is made and disposed of. */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}
