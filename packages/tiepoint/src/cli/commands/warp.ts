import { Command } from 'commander';
import { addImageOutputOptions, type ImageOutputFlags } from '../image-output-options.js';
import { parseCount } from '../option-parsers.js';
import type { CliSession } from '../session.js';

/** The options of `tiepoint warp`. */
export interface WarpFlags extends ImageOutputFlags {
  readonly solution: string;
  readonly reference?: string;
  readonly band?: number;
  readonly overwrite?: true;
  readonly quiet?: true;
}

/** `tiepoint warp`. */
export function warpCommand(session: CliSession): Command {
  const command = new Command('warp')
    .summary('apply a stored solution to another band or product of the same scene')
    .description('Warps an image that has the pixels of the registered one onto the grid of the reference.')
    .argument('<sensed>', 'the image that was registered, or another band or product on the same pixels')
    .argument('<output>', 'what to write (.tif)')
    .requiredOption('--solution <file>', 'what `tiepoint register --solution` wrote')
    .option('--reference <file>', 'the image whose grid the output gets (default: the one named in the solution)')
    .option('--band <n>', 'only this band, from 1 (default: all)', parseCount);
  return addImageOutputOptions(command)
    .option('--overwrite', 'replace an output that exists')
    .option('--quiet', 'write nothing but errors')
    .addHelpText(
      'after',
      `
Examples:
  tiepoint register optical.tif sar-vv.tif --solution solution.json
  tiepoint warp sar-vh.tif sar-vh-registered.tif --solution solution.json -r cubic
  tiepoint warp sar-vh.tif utm.tif --solution solution.json -t_srs EPSG:32633 -co COMPRESS=ZSTD`,
    )
    .action(async (sensed: string, output: string, flags: WarpFlags) => {
      const { runWarp } = await import('../actions/warp-image.js');
      await runWarp(sensed, output, flags, session);
    });
}
