import type { Correspondences } from '../points/correspondences.js';
import type { Normalisation } from '../points/normalisation.js';
import type { Jacobian } from './jacobian.js';
import type { MatrixModel, MatrixTransform } from './matrix-transform.js';

/** Terms that both axes are sums of, each with parameters of its own: first those of X, then those of Y. */
export interface AxisTerms {
  readonly count: number;
  /** Writes every term at (u, v) to `out`. */
  readonly write: (u: number, v: number, out: Float64Array) => void;
}

/** A quadratic penalty on the parameters of one axis, the same for both. */
export interface AxisPenalty {
  /** Row-major, symmetric. */
  readonly matrix: Float64Array;
  readonly rank: number;
}

/**
 * A model seen by least squares, on normalised coordinates: how the mapped point depends on the parameters.
 *
 * @typeParam T - the transforms of the model
 */
export interface ModelBasis<T = unknown> {
  readonly parameterCount: number;
  readonly linear: boolean;
  /**
   * Predicts the target (relative to the normalisation's target centre) at (u, v) to `out`, and writes
   * its derivatives by the parameters to `rowX` and `rowY`.
   */
  predict(
    parameters: Float64Array,
    u: number,
    v: number,
    out: Float64Array,
    rowX: Float64Array,
    rowY: Float64Array,
  ): void;
  /** Where both axes have the same terms: what makes the normal equations cheap. */
  readonly axis?: AxisTerms;
  /** Only where the axes have the same terms. */
  readonly penalty?: AxisPenalty;
  /** The transform between the real coordinates that the parameters stand for. */
  toTransform(parameters: Float64Array): T;
}

/** How a robust estimate of a model is come by. */
interface EstimationPath {
  /** The matrix model that is searched for first; what it leaves of a smooth distortion must not be taken for an outlier, so that its threshold is so many times as wide. */
  readonly coarse: MatrixModel;
  readonly widen: number;
  /** The model between that and this one, from the wide threshold to the real one. */
  readonly via?: string | undefined;
  /** Rounds of reweighting at each threshold, at most. */
  readonly rounds: number;
}

/**
 * A kind of transform: all that is to be known of it, in one file. The list of models is `models`; adding one is a file and a
 * line there.
 *
 * @typeParam T - its transforms: plain data with the model's name
 */
export interface Model<T extends { readonly model: string }> {
  readonly name: T['model'];
  /** How many correspondences determine it at the least. */
  readonly minimalCount: number;
  /** Maps a point. */
  readonly point: (transform: T, x: number, y: number) => [number, number];
  readonly jacobian: (transform: T, x: number, y: number) => Jacobian;
  /** Null where the points do not determine it: collinear ones, mostly. Models of a fixed number of parameters do not look at them. */
  readonly basis: (points: Correspondences, n: Normalisation, weights?: Float64Array) => ModelBasis<T> | null;
  /** Parameters that a nonlinear fit begins with; zeros where absent, null where the points are degenerate. */
  readonly start?: (points: Correspondences, n: Normalisation, weights?: Float64Array) => Float64Array | null;
  /** Solves a matrix model exactly from its minimal sample, interleaved points: nine elements to `out`, false where it is degenerate. */
  readonly solveMinimal?: (source: Float64Array, target: Float64Array, out: Float64Array) => boolean;
  readonly estimation: EstimationPath;
  /** `after` ∘ `transform` ∘ `before` of affine maps with an inverse, exactly; null where the model cannot hold it. */
  readonly adapt: (transform: T, before: MatrixTransform, after: MatrixTransform) => T | null;
  /** What a transform of it holds beside the model's name, in words, for messages. */
  readonly parameters: string;
  /** The transform of parameters that were read from JSON; null where they do not make one. */
  readonly parse: (parameters: unknown) => T | null;
}
