import { Command, Option } from 'commander';
import type { CliSession } from '../session.js';
import { addTrainingOptions, type TrainingFlags } from '../training-options.js';

/** The options of `tiepoint train dlsm`. */
export interface TrainDlsmFlags extends TrainingFlags {
  readonly network: 'correlation' | 'paper';
  readonly loss: 'ranked' | 'ranked-strongly' | 'paper';
}

/** `tiepoint train dlsm`. */
export function trainDlsmCommand(session: CliSession): Command {
  const command = new Command('dlsm')
    .summary('train the network that localises tie points')
    .description(
      'Trains DLSM on aligned image pairs: aligns them to a fraction of a pixel first, then learns which patches show the ' +
        'same ground, how far they are apart and how sure that is. Stopped with Ctrl-C, it goes on where it was when started ' +
        'again with the same folder.',
    );
  return addTrainingOptions(command, {
    steps: 14000,
    batch: 64,
    batchOf: 'triplets of patches',
    learningRate: 0.002,
    validateEvery: 1000,
  })
    .addOption(
      new Option('--network <name>', 'the one that ships, or the two-channel network of the paper')
        .choices(['correlation', 'paper'])
        .default('correlation'),
    )
    .addOption(
      new Option('--loss <name>', 'with a ranking over the batch, weak or strong, or the joint loss of the paper')
        .choices(['ranked', 'ranked-strongly', 'paper'])
        .default('ranked'),
    )
    .addHelpText(
      'after',
      `
Examples:
  tiepoint train dlsm --pairs my-pairs.jsonl --out weights --start shipped --steps 2000 --learning-rate 0.0005
  tiepoint train dlsm --pairs my-pairs.jsonl --out uss2020 --network paper --loss paper --learning-rate 0.001
  tiepoint register optical.tif sar.tif registered.tif --weights weights/dlsm.safetensors`,
    )
    .action(async (flags: TrainDlsmFlags) => {
      const { runTrainDlsm } = await import('../actions/train-dlsm.js');
      await runTrainDlsm(flags, session);
    });
}
