import { Command } from 'commander';
import { parseCount, parsePositive, parseSeed } from '../option-parsers.js';
import type { CliSession } from '../session.js';

/** The options of `tiepoint train dlsm`. */
export interface TrainFlags {
  readonly pairs: string;
  readonly stacks?: string;
  readonly out: string;
  readonly start?: string;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly validateEvery: number;
  readonly threads: number;
  readonly seed: number;
  readonly quiet?: true;
}

/** `tiepoint train`. */
export function trainCommand(session: CliSession): Command {
  const train = new Command('train')
    .summary('train a network on your own aligned pairs')
    .description(
      'Trains a network on aligned image pairs. Only DLSM, which localises tie points, can be trained so far.',
    );
  const dlsm = new Command('dlsm')
    .summary('train the network that localises tie points')
    .description(
      'Trains DLSM on aligned image pairs: aligns them to a fraction of a pixel first, then learns which patches show the\n' +
        'same ground, how far they are apart and how sure that is. Stopped with Ctrl-C, it goes on where it was when started\n' +
        'again with the same folder.',
    )
    .requiredOption('--pairs <file>', 'manifest of aligned pairs, one JSON document a line (see docs/training.md)')
    .option('--stacks <file>', 'manifest of multi-band files whose bands are pairs')
    .requiredOption('--out <folder>', 'where weights, checkpoints, records and the validation curve go')
    .option('--start <weights>', 'weights to start from: a file, or `shipped`; fresh ones unless given')
    .option('--steps <n>', 'steps in all', parseCount, 14000)
    .option('--batch <n>', 'triplets of patches in a step', parseCount, 64)
    .option('--learning-rate <rate>', 'the highest of the cycle', parsePositive, 0.002)
    .option('--validate-every <n>', 'steps between two validations', parseCount, 1000)
    .option('--threads <n>', 'of the network; one more draws patches', parseCount, 2)
    .option('--seed <n>', 'of weights and patches', parseSeed, 1)
    .option('--quiet', 'write nothing but errors')
    .addHelpText(
      'after',
      `
Examples:
  tiepoint train dlsm --pairs my-pairs.jsonl --out weights --start shipped --steps 2000 --learning-rate 0.0005
  tiepoint register optical.tif sar.tif registered.tif --weights weights/dlsm.safetensors`,
    )
    .action(async (flags: TrainFlags) => {
      const { runTrainDlsm } = await import('../actions/train-dlsm.js');
      await runTrainDlsm(flags, session);
    });
  return train.addCommand(dlsm.copyInheritedSettings(train));
}
