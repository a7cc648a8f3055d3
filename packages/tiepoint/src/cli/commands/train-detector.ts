import { Command, Option } from 'commander';
import type { DetectionLossName } from '@tiepoint/training';
import { parseCount, parsePositive } from '../option-parsers.js';
import type { CliSession } from '../session.js';
import { addTrainingOptions, type TrainingFlags } from '../training-options.js';

/** The options of `tiepoint train detector`. */
export interface TrainDetectorFlags extends TrainingFlags {
  readonly network: 'light' | 'table1';
  readonly width: number;
  readonly side: number;
  readonly loss: DetectionLossName;
}

/** Said here, that training is not loaded for `--help`; the type says that each is one. */
const losses: readonly DetectionLossName[] = ['mutual', 'paper', 'consensus', 'spatial-softmax'];

/** `tiepoint train detector`. */
export function trainDetectorCommand(session: CliSession): Command {
  const command = new Command('detector')
    .summary('train the network that finds keypoints')
    .description(
      'Trains the detection network on aligned image pairs: one image of each is warped, and the network learns to be ' +
        'confident at the same places of both. Stopped with Ctrl-C, it goes on where it was when started again with the same ' +
        'folder.',
    );
  return addTrainingOptions(command, {
    steps: 4000,
    batch: 4,
    batchOf: 'warped pairs',
    learningRate: 0.003,
    validateEvery: 500,
  })
    .addOption(
      new Option('--network <name>', 'the light one, or that of Table 1 of the paper, which costs ten times as much')
        .choices(['light', 'table1'])
        .default('light'),
    )
    .option('--width <share>', 'channels of table1, as a share of those of the paper', parsePositive, 1)
    .option('--side <px>', 'side of the crops: a multiple of 16', parseCount, 176)
    .addOption(
      new Option(
        '--loss <name>',
        "what maps are asked for: the other map's keypoints, (7) of the paper beside them, or the keypoints of both together by cross-entropy or as a likelihood over places",
      )
        .choices(losses)
        .default('mutual'),
    )
    .addHelpText(
      'after',
      `
Examples:
  tiepoint train detector --pairs my-pairs.jsonl --out detector
  tiepoint detect optical.tif --detector detector/detector.safetensors --points keypoints.geojson`,
    )
    .action(async (flags: TrainDetectorFlags) => {
      const { runTrainDetector } = await import('../actions/train-detector.js');
      await runTrainDetector(flags, session);
    });
}
