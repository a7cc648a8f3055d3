import { Command } from 'commander';
import { matchOutputs } from '../outputs/lists.js';
import { addOutputOptions } from '../outputs/output.js';
import { addMatchingOptions, type MatchingFlags } from '../registration-options.js';
import type { CliSession } from '../session.js';

/** The options of `tiepoint match`. */
export interface MatchFlags extends MatchingFlags {
  readonly points?: string | undefined;
  readonly overwrite?: true | undefined;
}

/** `tiepoint match`. */
export function matchCommand(session: CliSession): Command {
  const command = new Command('match')
    .summary('find tie points only')
    .description(
      'Finds tie points between two images; those that agree with no common transform are among them.\n' +
        'Without --points or --json they are written as lines of "x y X Y": sensed, then reference pixels.',
    )
    .argument('<reference>', 'the image that stays: a path or a URL')
    .argument('<sensed>', 'the other image');
  return addOutputOptions(addMatchingOptions(command), matchOutputs)
    .addHelpText(
      'after',
      `
Each tie point carries the covariance of its error [xx, xy, yy] in squared pixels of the reference, and a score.

Examples:
  tiepoint match optical.tif sar.tif --points tie-points.geojson
  tiepoint match optical.tif sar.tif --json > tie-points.json`,
    )
    .action(async (reference: string, sensed: string, flags: MatchFlags) => {
      const { runMatch } = await import('../actions/match-images.js');
      await runMatch(reference, sensed, flags, session);
    });
}
