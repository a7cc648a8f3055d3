import { Command } from 'commander';
import type { CliSession } from '../session.js';
import { trainDetectorCommand } from './train-detector.js';
import { trainDlsmCommand } from './train-dlsm.js';
import { trainMatcherCommand } from './train-matcher.js';

/** `tiepoint train`. */
export function trainCommand(session: CliSession): Command {
  const train = new Command('train')
    .summary('train a network on your own aligned pairs')
    .description('Trains a network on aligned image pairs: see docs/training.md.');
  for (const command of [trainDlsmCommand, trainDetectorCommand, trainMatcherCommand]) {
    train.addCommand(command(session));
  }
  return train;
}
