import { Command } from 'commander';
import type { CliSession } from '../session.js';
import type { StoredTransformFlags } from '../stored-transform.js';
import { addStoredTransformOptions } from '../stored-transform-options.js';

/** The options of `tiepoint transform`. */
export interface TransformFlags extends StoredTransformFlags {
  readonly inverse?: true | undefined;
  readonly precision: number;
  readonly json?: true | undefined;
}

/** `tiepoint transform`. */
export function transformCommand(session: CliSession): Command {
  const command = new Command('transform')
    .summary('map points by a stored solution')
    .description('Maps points: reads lines of "x y" (sensed pixels) and writes lines of "x y" (reference pixels).');
  return addStoredTransformOptions(command)
    .option('--inverse', 'from reference pixels to sensed pixels')
    .option('--precision <digits>', 'digits after the point', (text) => Math.min(12, Math.max(0, Number(text) | 0)), 4)
    .option('--json', 'write one JSON document { "points": [[x, y], …] } at the end')
    .addHelpText(
      'after',
      `
Coordinates are separated by blanks, commas or tabs. Empty lines and lines that begin with # are skipped.
What follows the second number is passed on.

Examples:
  echo "100.5 200.5" | tiepoint transform --solution solution.json
  tiepoint transform --solution solution.json --inverse < reference-points.txt
  tiepoint transform --points gcps.geojson --model polynomial2 < pixels.txt > map-coordinates.txt`,
    )
    .action(async (flags: TransformFlags) => {
      const { runTransform } = await import('../actions/transform-points.js');
      await runTransform(flags, session);
    });
}
