import { Command } from 'commander';
import { addImageOutputOptions, type ImageOutputFlags } from '../outputs/image-output-options.js';
import type { NamedBand } from '../open-image.js';
import { parseBandName } from '../option-parsers.js';
import type { CliSession } from '../session.js';
import type { StoredTransformFlags } from '../stored-transform.js';
import { addStoredTransformOptions } from '../stored-transform-options.js';

/** The options of `tiepoint warp`. */
export interface WarpFlags extends ImageOutputFlags, StoredTransformFlags {
  readonly reference?: string | undefined;
  readonly band?: NamedBand | undefined;
  readonly overwrite?: true | undefined;
  readonly quiet?: true | undefined;
}

/** `tiepoint warp`. */
export function warpCommand(session: CliSession): Command {
  const command = new Command('warp')
    .summary('apply a stored solution to another band or product of the same scene')
    .description(
      'Warps the image that was registered, or another of the same scene, onto the grid of the reference. A product of ' +
        'another resolution or extent is placed by its georeference, or by its size where it covers the same ground.',
    )
    .argument(
      '<sensed>',
      'the image that was registered, or another band or product of the same scene, of any resolution',
    )
    .argument('<output>', 'what to write (.tif, or .vrt to warp when read)')
    .option(
      '--reference <file>',
      'the image whose grid the output gets, of any resolution (default: the one named in the solution)',
    )
    .option('--band <band>', 'only this band, by number from 1 or by name (default: all)', parseBandName);
  return addImageOutputOptions(addStoredTransformOptions(command))
    .option('--overwrite', 'replace an output that exists')
    .option('--quiet', 'write nothing but errors')
    .addHelpText(
      'after',
      `
Examples:
  tiepoint register optical.tif sar-vv.tif --solution solution.json
  tiepoint warp sar-vh.tif sar-vh-registered.tif --solution solution.json -r cubic
  tiepoint warp sar-20m.tif sar-20m-registered.tif --solution solution.json --reference optical-20m.tif
  tiepoint warp sar-vh.tif utm.tif --solution solution.json -t_srs EPSG:32633 -co COMPRESS=ZSTD
  tiepoint warp scan.png map.tif --points gcps.points --reference map-sheet.tif --model tps`,
    )
    .action(async (sensed: string, output: string, flags: WarpFlags) => {
      const { runWarp } = await import('../actions/warp-image.js');
      await runWarp(sensed, output, flags, session);
    });
}
