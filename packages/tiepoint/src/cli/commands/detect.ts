import { Command } from 'commander';
import { detectOutputs } from '../outputs/lists.js';
import { addOutputOptions } from '../outputs/output.js';
import type { NamedBand } from '../open-image.js';
import { parseBandName, parseCount, parseShare } from '../option-parsers.js';
import type { CliSession } from '../session.js';

/** The options of `tiepoint detect`. */
export interface DetectFlags {
  readonly json?: true | undefined;
  readonly points?: string | undefined;
  readonly overwrite?: true | undefined;
  readonly count: number;
  readonly threshold: number;
  readonly band?: NamedBand | undefined;
  readonly mask?: string | undefined;
  readonly detector?: string | undefined;
  readonly quiet?: true | undefined;
}

/** `tiepoint detect`. */
export function detectCommand(session: CliSession): Command {
  const command = new Command('detect')
    .summary('find keypoints of one image')
    .description(
      'Finds places of an image that images of other sensors should show too, best first.\n' +
        'Without --points or --json they are written as lines of "x y score", in pixels.',
    )
    .argument('<image>', 'a path or a URL')
    .option('--json', 'write the result to standard output as one JSON document');
  return addOutputOptions(command, detectOutputs)
    .option('--count <n>', 'keypoints at most, well spread', parseCount, 1000)
    .option('--threshold <score>', 'least score, 0 to 1; of the shipped weights most have 0.1 to 0.4', parseShare, 0)
    .option('--band <band>', 'band of the image, by number from 1 or by name (default: luminance)', parseBandName)
    .option('--mask <file>', 'where keypoints may lie: an image of its size, not zero is valid')
    .option('--detector <file>', 'weights in place of those shipped; none for the keypoints of RIFT')
    .option('--quiet', 'write nothing but errors and what was asked for')
    .addHelpText(
      'after',
      `
Where no weights are shipped or named, the keypoints are those of RIFT, which is said.

Examples:
  tiepoint detect optical.tif --count 500 --points keypoints.geojson
  tiepoint detect sar.tif --threshold 0.2 --json | jq '.keypoints | length'`,
    )
    .action(async (image: string, flags: DetectFlags) => {
      const { runDetect } = await import('../actions/detect-keypoints.js');
      await runDetect(image, flags, session);
    });
}
