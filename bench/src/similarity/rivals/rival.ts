import type { SearchOptions } from '@tiepoint/training/evaluation';
import type { NamedTensors, Optimizer, ParameterTree, Random, Tensor, TrainingProgram } from 'onnx-grad';

/** How a rival is trained. */
export interface RivalProgramOptions {
  readonly parameters: ParameterTree;
  /** Triplets in a batch, or templates with their displacements. */
  readonly batch: number;
  readonly optimizer: Optimizer;
  /** See {@link TrainingProgram.average}. */
  readonly average?: number | undefined;
}

/** A program whose batches are whatever its source draws. */
export type RivalProgram = TrainingProgram<ParameterTree, NamedTensors>;

/** A learned similarity measure to compare DLSM with, trained on the same ground. */
export interface Rival {
  readonly create: (random: Random) => ParameterTree;
  readonly program: (options: RivalProgramOptions) => RivalProgram;
  /** Where batches are templates with the patches at all displacements of a grid, not triplets: how they are drawn. */
  readonly displacements?: (SearchOptions & { readonly triplets: number }) | undefined;
  /** Terms of the loss, where the rival's name does not say them: a run under others is another. */
  readonly terms?: string | undefined;
  /**
   * @param parameters - what `create` made, as tensors
   * @param pairs - `[batch, 2, 32, 32]`, each patch of zero mean and unit variance
   * @returns `[batch]`, high is similar
   */
  readonly similarity: (parameters: unknown, pairs: Tensor) => Tensor;
}

/** Gradients longer than this are shortened, as in DLSM's training. */
const gradientClip = 5;

/** A program with the gradient's limit, as programs of other batches too are held: its batches are those of its own source. */
export function rivalProgram<B extends NamedTensors>(
  { parameters, optimizer, average }: RivalProgramOptions,
  batch: B,
  loss: TrainingProgram<ParameterTree, B>['loss'],
): RivalProgram {
  const program: TrainingProgram<ParameterTree, B> = { parameters, batch, loss, optimizer, clipNorm: gradientClip };
  const kept = average === undefined ? program : { ...program, average };
  // The loss takes what `batch` names, which goes with it.
  return kept as unknown as RivalProgram;
}
