import type { TransformModel } from '../models/transform.js';

/** How `estimateTransform` searches. */
export interface EstimateOptions {
  readonly model: TransformModel;
  /**
   * The residual, px of the target, beyond which a pair counts as wrong. A pair whose covariance is not small against it is
   * given more room: its residual is measured against the sum of both.
   */
  readonly threshold: number;
  /** Of the random sampling. The same input and seed give the same answer. */
  readonly seed: number;
  /** Samples drawn at most. Default 2000. */
  readonly maxIterations?: number | undefined;
  /** Sampling stops early when a better model would have been found with this probability. Default 0.999. */
  readonly confidence?: number | undefined;
  /** The least scale (smallest singular value of the Jacobian) accepted. Default 0.05. */
  readonly minScale?: number | undefined;
  /** The greatest scale (largest singular value) accepted. Default 20. */
  readonly maxScale?: number | undefined;
  /** Whether a mirrored image is accepted. Default false. */
  readonly allowReflection?: boolean | undefined;
}

/** `EstimateOptions` with every default filled in. */
export type ResolvedEstimateOptions = { readonly [K in keyof EstimateOptions]-?: NonNullable<EstimateOptions[K]> };

/** Fills in the defaults. */
export function resolveEstimateOptions(options: EstimateOptions): ResolvedEstimateOptions {
  return {
    ...options,
    maxIterations: options.maxIterations ?? 2000,
    confidence: options.confidence ?? 0.999,
    minScale: options.minScale ?? 0.05,
    maxScale: options.maxScale ?? 20,
    allowReflection: options.allowReflection ?? false,
  };
}
