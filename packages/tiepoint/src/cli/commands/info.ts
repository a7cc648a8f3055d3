import { Command } from 'commander';
import type { CliSession } from '../session.js';

/** The options of `tiepoint info`. */
export interface InfoFlags {
  readonly json?: true | undefined;
}

/** `tiepoint info`. */
export function infoCommand(session: CliSession): Command {
  return new Command('info')
    .summary('say what tiepoint reads from an image or a solution')
    .description('Describes an image (format, size, bands, nodata, where it lies) or a solution file.')
    .argument('<file>', 'an image, a URL or a solution file (.json)')
    .option('--json', 'write one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  tiepoint info scene.tif
  tiepoint info --json solution.json`,
    )
    .action(async (file: string, flags: InfoFlags) => {
      const { runInfo } = await import('../actions/show-info.js');
      await runInfo(file, flags, session);
    });
}
