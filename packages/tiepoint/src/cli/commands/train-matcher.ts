import { Command, Option } from 'commander';
import { parseCount } from '../option-parsers.js';
import type { CliSession } from '../session.js';
import { addTrainingOptions, type TrainingFlags } from '../training-options.js';

/** The options of `tiepoint train matcher`. */
export interface TrainMatcherFlags extends TrainingFlags {
  readonly patch: string;
  readonly layers: number;
  readonly keypoints: number;
}

/** `tiepoint train matcher`. */
export function trainMatcherCommand(session: CliSession): Command {
  const command = new Command('matcher')
    .summary('train the network that matches keypoints')
    .description(
      'Trains the cross-fusion network on aligned image pairs: patches around places of both images, warped each by ' +
        'itself, some of which show the same ground. Stopped with Ctrl-C, it goes on where it was when started again with the ' +
        'same folder.',
    );
  return addTrainingOptions(command, {
    steps: 6000,
    batch: 3,
    batchOf: 'pairs of keypoint sets',
    learningRate: 0.0012,
    validateEvery: 500,
  })
    .addOption(
      new Option('--patch <px>', 'diameter of the patches').choices(['32', '48', '64', '96', '128']).default('96'),
    )
    .option('--layers <n>', 'layers of fusion', parseCount, 4)
    .option('--keypoints <n>', 'in each set', parseCount, 96)
    .addHelpText(
      'after',
      `
Examples:
  tiepoint train matcher --pairs my-pairs.jsonl --out matcher
  tiepoint register a.tif b.tif --method keypoints \\
    --detector detector/detector.safetensors --matcher matcher/matcher.safetensors`,
    )
    .action(async (flags: TrainMatcherFlags) => {
      const { runTrainMatcher } = await import('../actions/train-matcher.js');
      await runTrainMatcher(flags, session);
    });
}
