import type { EvaluationOptions } from '../evaluate.js';
import type { KeypointMethodFactory } from '../method.js';
import type { Metric } from '../score.js';

/** What a study is told. */
export interface StudyOptions {
  readonly evaluation: EvaluationOptions;
  /** Where weights lie; what the study trains goes below `weights`. */
  readonly places: Parameters<KeypointMethodFactory>[0];
  readonly methods?: readonly string[] | undefined;
  readonly steps?: number | undefined;
  readonly figures?: string | undefined;
}

/** A cell of a table or a point of a figure. */
export interface StudyRow {
  /** As the command line names it. */
  readonly study: string;
  /** A method, or a variant of a network. */
  readonly method: string;
  /** A pair, or a set for a mean over its pairs. */
  readonly of: string;
  readonly metric: Metric;
  readonly value: number | null;
  readonly n: number;
}

/** Makes the rows of a table or figure. */
export type Study = (options: StudyOptions) => Promise<readonly StudyRow[]>;
