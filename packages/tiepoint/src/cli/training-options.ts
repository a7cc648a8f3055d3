import type { Command } from 'commander';
import { parseCount, parsePositive, parseSeed } from './option-parsers.js';

/** The options that the commands of `tiepoint train` share, as commander hands them over. */
export interface TrainingFlags {
  readonly pairs: string;
  readonly stacks?: string | undefined;
  readonly out: string;
  readonly start?: string | undefined;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly validateEvery: number;
  readonly threads: number;
  readonly seed: number;
  readonly quiet?: true | undefined;
}

/** What differs from network to network. */
interface TrainingDefaults {
  readonly steps: number;
  readonly batch: number;
  /** What a batch is counted in. */
  readonly batchOf: string;
  readonly learningRate: number;
  readonly validateEvery: number;
}

/** Adds the options that the commands of `tiepoint train` share. */
export function addTrainingOptions(command: Command, defaults: TrainingDefaults): Command {
  return command
    .requiredOption('--pairs <file>', 'manifest of aligned pairs, one JSON document a line (see docs/training.md)')
    .option('--stacks <file>', 'manifest of multi-band files whose bands are pairs')
    .requiredOption('--out <folder>', 'where weights, checkpoints, records and the validation curve go')
    .option('--start <weights>', 'weights to start from: a file, or `shipped`; fresh ones unless given')
    .option('--steps <n>', 'steps in all', parseCount, defaults.steps)
    .option('--batch <n>', `${defaults.batchOf} in a step`, parseCount, defaults.batch)
    .option('--learning-rate <rate>', 'the highest of the cycle', parsePositive, defaults.learningRate)
    .option('--validate-every <n>', 'steps between two validations', parseCount, defaults.validateEvery)
    .option('--threads <n>', 'of the network; one more draws batches', parseCount, 2)
    .option('--seed <n>', 'of weights and batches', parseSeed, 1)
    .option('--quiet', 'write nothing but errors');
}
