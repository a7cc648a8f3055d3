import type { Dlsm, Engine } from '@tiepoint/matching';
import type { SearchFields } from '@tiepoint/training/evaluation';
import type { Found } from './localisation/quadratic-peak.js';

/** Side of the patches under test, px. */
export const patchSide = 32;
/** Samples of a patch. */
export const patchArea = patchSide * patchSide;

/** A measure of how similar the two patches of a pair are. */
export interface SimilarityMeasure {
  readonly name: string;
  /**
   * @param pairs - `[n, 2, 32, 32]`, each patch of zero mean and unit variance
   * @returns `[n]`, higher is more similar, on any scale
   */
  score(pairs: Float32Array, n: number): Promise<Float32Array>;
  /** Finds each template in its field, where the measure has a way of its own; otherwise by the top of its scores. */
  readonly localise?: (fields: SearchFields) => Promise<readonly Found[]>;
  /** Other ways of its own, by what is added to its name. */
  readonly strategies?: Readonly<Record<string, (fields: SearchFields) => Promise<readonly Found[]>>>;
  /** The network behind it, where it predicts errors too. */
  readonly dlsm?: Dlsm;
}

/** What measures are made from. */
export interface MeasureContext {
  readonly engine: Engine;
  /** Folder of published weights. */
  readonly peers: string;
  /** Folder of weights trained with `train-rivals`. */
  readonly weights?: string | undefined;
}

/** Makes a measure, or says why it cannot run here. */
export type MeasureFactory = (context: MeasureContext) => Promise<SimilarityMeasure | { readonly absent: string }>;

/** A measure computed pair by pair. */
export function pairwiseMeasure(
  name: string,
  similarity: (first: Float32Array, second: Float32Array) => number,
): SimilarityMeasure {
  return {
    name,
    score: async (pairs, n) =>
      Float32Array.from({ length: n }, (_, i) =>
        similarity(
          pairs.subarray(2 * i * patchArea, (2 * i + 1) * patchArea),
          pairs.subarray((2 * i + 1) * patchArea, (2 * i + 2) * patchArea),
        ),
      ),
  };
}
