import { Command } from 'commander';
import { assessOutputs } from '../outputs/lists.js';
import { addOutputOptions } from '../outputs/output.js';
import { addMatchingOptions, type MatchingFlags } from '../registration-options.js';
import type { CliSession } from '../session.js';

/** The options of `tiepoint assess`. */
export interface AssessFlags extends MatchingFlags {
  readonly overwrite?: true | undefined;
}

/** `tiepoint assess`. */
export function assessCommand(session: CliSession): Command {
  const command = new Command('assess')
    .summary('measure the misregistration that is left; changes nothing')
    .description(
      'Measures how far the sensed image lies from where it belongs, as the files place it: by their georeferences ' +
        'where both have one, otherwise pixel on pixel. Changes nothing. Says how that depends on column and row, and with ' +
        '--dem on elevation and slope of the ground.',
    )
    .argument('<reference>', 'the image that is right: a path or a URL')
    .argument('<sensed>', 'the image to be judged');
  return addOutputOptions(addMatchingOptions(command), assessOutputs)
    .addHelpText(
      'after',
      `
The verdict is the exit status: 0 the measurement may be believed, 5 with doubts, 4 nothing could be measured.

Examples:
  tiepoint assess optical.tif sar-registered.tif
  tiepoint assess optical.tif sar.tif --vectors displacements.geojson --report report.html
  tiepoint assess optical.tif ortho.tif --dem dem.tif --report report.html
  tiepoint assess optical.tif sar-registered.tif --json | jq .misregistration.ce90`,
    )
    .action(async (reference: string, sensed: string, flags: AssessFlags) => {
      const { runAssess } = await import('../actions/assess-images.js');
      await runAssess(reference, sensed, flags, session);
    });
}
