import { Command } from 'commander';
import { addMatchingOptions, type MatchingFlags } from '../registration-options.js';
import type { CliSession } from '../session.js';

/** The options of `tiepoint assess`. */
export interface AssessFlags extends MatchingFlags {
  readonly vectors?: string;
  readonly report?: string;
  readonly overwrite?: true;
}

/** `tiepoint assess`. */
export function assessCommand(session: CliSession): Command {
  const command = new Command('assess')
    .summary('measure the misregistration that is left; changes nothing')
    .description(
      'Measures how far the sensed image lies from where it belongs, as the files place it: by their georeferences ' +
        'where both have one, otherwise pixel on pixel. Changes nothing.',
    )
    .argument('<reference>', 'the image that is right: a path or a URL')
    .argument('<sensed>', 'the image to be judged');
  return addMatchingOptions(command)
    .option('--vectors <file>', 'write the displacement at each tie point, as lines in GeoJSON (.geojson)')
    .option('--report <file>', 'write a self-contained HTML report')
    .option('--overwrite', 'replace outputs that exist')
    .addHelpText(
      'after',
      `
The verdict is the exit status: 0 the measurement may be believed, 5 with doubts, 4 nothing could be measured.

Examples:
  tiepoint assess optical.tif sar-registered.tif
  tiepoint assess optical.tif sar.tif --vectors displacements.geojson --report report.html
  tiepoint assess optical.tif sar-registered.tif --json | jq .misregistration.ce90`,
    )
    .action(async (reference: string, sensed: string, flags: AssessFlags) => {
      const { runAssess } = await import('../actions/assess-images.js');
      await runAssess(reference, sensed, flags, session);
    });
}
