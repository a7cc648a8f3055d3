import type { Geotransform, TransformModel } from '@tiepoint/geometry';
import type { ErrorField } from '../accuracy-map/error-field.js';

/** Whether the answer may be used: `warn` means usable with the doubts named in the reasons; `refuse` means it may be chance. */
export type Verdict = 'accept' | 'warn' | 'refuse';

/** How correspondences are sought; `auto` tries the cheap way first and keeps the better-supported answer. */
export type RegisterMethod = 'auto' | 'keypoints' | 'grid';

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
  /** Given by the user and not found by matching. */
  readonly imported?: true;
  /** Whether it agrees with the estimated transform. Absent from mere matching, where there is none. */
  readonly inlier?: boolean;
  /** Distance between the transformed sensed position and the reference position, px of the reference grid. */
  readonly residual?: number;
}

/** How good the answer is, px of the reference grid (`ce90Metres`: metres, where the reference is georeferenced). */
export interface Accuracy {
  /** Root mean square residual of the inliers. */
  readonly rmse: number;
  /** Root mean square residual of tie points predicted by a fit they took no part in (spatial folds). */
  readonly checkRmse: number;
  /** Radius that holds 90 % of the held-out residuals of inliers. */
  readonly ce90: number;
  /** Root mean square over the overlap of the predicted standard deviation of the transform (per axis). */
  readonly predictedSd: number;
  readonly unit: 'px';
  readonly ce90Metres?: number;
}

/** What produced the answer, enough to repeat it. */
export interface Provenance {
  readonly tool: string;
  readonly weights: string | null;
  /** Of the networks whose keypoints the geometry came from; absent where it came from elsewhere. */
  readonly keypointWeights?: string;
  readonly seed: number;
  readonly inputs: readonly ProvenanceInput[];
  /** Where imported tie points come from. */
  readonly tiePoints?: string;
}

/** One input as it was read. */
export interface ProvenanceInput {
  readonly role: 'reference' | 'sensed';
  readonly source: string;
  readonly width: number;
  readonly height: number;
  /** Where it lies, as GDAL's geotransform, and the code of the system; absent where the file does not say. */
  readonly geotransform?: Geotransform;
  readonly crs?: string;
  /** 1-based band number, or `luminance`. */
  readonly band: number | 'luminance';
  /** The mask that was given beside the image's own validity. */
  readonly mask?: string;
}

/** A pair of bands that was tried. */
export interface BandTrial {
  readonly referenceBand: number | 'luminance';
  readonly band: number | 'luminance';
  readonly verdict: Verdict;
  /** See {@link Accuracy}; null where nothing was found. */
  readonly predictedSd: number | null;
}

/** Which bands were matched, and which were tried. */
export interface BandChoice {
  readonly referenceBand: number | 'luminance';
  readonly band: number | 'luminance';
  readonly tried: readonly BandTrial[];
}

/** 3×3 matrix as nested rows, for JSON. */
export type MatrixRows = readonly [
  readonly [number, number, number],
  readonly [number, number, number],
  readonly [number, number, number],
];

/** The answer of {@link register}: the JSON contract of `tiepoint register --json` and of a solution file. */
export interface Registration {
  readonly version: 1;
  readonly verdict: Verdict;
  /** Why, in words. */
  readonly reasons: readonly string[];
  readonly model: TransformModel;
  /** Homogeneous sensed pixel → reference pixel; null when refused and for models that are not matrices. */
  readonly sensedToReference: MatrixRows | null;
  /** Parameters of a model that is not a matrix. */
  readonly parameters?: unknown;
  readonly tiePoints: number;
  readonly inliers: number;
  /** Of those, the tie points that were given and not found. */
  readonly imported?: { readonly tiePoints: number; readonly inliers: number };
  /** The bands that were chosen, and the pairs that were tried; where a band was to be chosen. */
  readonly bands?: BandChoice;
  /** Null when no transform could be estimated. */
  readonly accuracy: Accuracy | null;
  readonly seconds: number;
  /** What found it: `grid (georeference)`, `grid (identity)`, `global search + grid`, … */
  readonly method: string;
  readonly provenance: Provenance;
  /** What was degraded on the way: an engine not there, a mask not readable. */
  readonly warnings: readonly string[];
  /** log10 of the expected number of equally good agreements among random matches; the verdict's statistic. */
  readonly logFalseAlarms: number;
}

/** A registration with its tie points, as the library returns it; files and JSON carry the {@link Registration} part. */
export interface RegistrationResult {
  readonly registration: Registration;
  readonly tiePoints: readonly TiePoint[];
  /** How well the transform is known at each place of the reference; null where it was refused. */
  readonly errorField: ErrorField | null;
}
