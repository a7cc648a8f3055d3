import { TiepointError } from '@tiepoint/geometry';
import { Command } from 'commander';
import { addImageOutputOptions, type ImageOutputFlags } from '../outputs/image-output-options.js';
import { imageOutput } from '../outputs/image.js';
import { registerOutputs } from '../outputs/lists.js';
import { addOutputOptions } from '../outputs/output.js';
import { addMatchingOptions, type MatchingFlags } from '../registration-options.js';
import type { NamedBand } from '../open-image.js';
import { parseBandName, parseSeed } from '../option-parsers.js';
import type { CliSession } from '../session.js';

/** The options of `tiepoint register`. */
export interface RegisterFlags extends MatchingFlags, ImageOutputFlags {
  readonly overwrite?: true | undefined;
  readonly timings?: true | undefined;
  readonly rpc?: string | undefined;
  readonly series?: true | undefined;
  readonly neighbours?: number | undefined;
  readonly bands?: true | undefined;
  readonly toBand?: NamedBand | undefined;
  readonly outputFolder?: string | undefined;
}

/** What `tiepoint register` takes, without what it does: also the grammar of a row of a batch. */
export function registerGrammar(): Command {
  const command = new Command('register')
    .summary('estimate how one image lies on another, and warp it there')
    .description(
      'Estimates the transform that lays the sensed image on the reference, says whether it may be trusted, and ' +
        'warps the sensed image onto the grid of the reference if an output is named.',
    )
    .argument('<reference>', 'the image that stays: a path or a URL')
    .argument('<sensed>', 'the image to be moved')
    .argument(imageOutput.option, imageOutput.description)
    .argument('[more...]', 'with --series: further images');
  return addImageOutputOptions(addOutputOptions(addMatchingOptions(command), registerOutputs))
    .option('--timings', 'say how many seconds each stage took, in the JSON as well')
    .option(
      '--series',
      'register all images that are named to the first and to each other, solved together so that loops close',
    )
    .option(
      '--bands',
      'lay the bands of one image, or several images of one capture, on one of them and write one file, named last',
    )
    .option(
      '--to-band <band>',
      'with --bands: the one that stays, by number from 1 or by name (default: 1)',
      parseBandName,
    )
    .option(
      '--neighbours <n>',
      'with --series and --bands: how many images each is registered to beside the reference, at most (default: 8, those it overlaps most; 2, the next, without georeferences)',
      parseSeed,
    )
    .option(
      '--output-folder <dir>',
      'with --series: where the registered images and their solutions go; the same command again goes on where it ended',
    );
}

/** `tiepoint register`. */
export function registerCommand(session: CliSession): Command {
  return registerGrammar()
    .addHelpText(
      'after',
      `
The verdict is the exit status: 0 accepted, 5 accepted with a warning, 4 refused (no image is written).

Examples:
  tiepoint register optical.tif sar.tif registered.tif
  tiepoint register optical.tif infrared.png --json --seed 7 > result.json
  tiepoint register map.tif aerial.jpg out.tif -r cubic --model projective --report report.html --points gcps.geojson
  tiepoint register optical.tif sar.tif out.tif --band auto --tie-points surveyed.csv --tie-points-sd 0.5
  tiepoint register 'xyz:https://tiles.example.org/{z}/{x}/{y}.png' aerial.tif out.tif --zoom 17
  tiepoint register optical.tif item.json#vv out.tif
  tiepoint register --series reference.tif 2021.tif 2022.tif 2023.tif --output-folder registered
  tiepoint register --bands scene.tif aligned.tif --to-band 3
  tiepoint register --bands IMG_1.tif IMG_2.tif IMG_3.tif aligned.tif`,
    )
    .action(
      async (reference: string, sensed: string, output: string | undefined, more: string[], flags: RegisterFlags) => {
        if (flags.series) {
          const { runSeries } = await import('../actions/register-series.js');
          const images = [sensed, ...(output === undefined ? [] : [output]), ...more];
          await runSeries(reference, images, flags, session);
          return;
        }
        if (flags.bands) {
          const { runBands } = await import('../actions/register-bands.js');
          const named = [reference, sensed, ...(output === undefined ? [] : [output]), ...more];
          await runBands(named.slice(0, -1), named.at(-1)!, flags, session);
          return;
        }
        const ofMany = more[0] ?? flags.outputFolder ?? flags.neighbours ?? flags.toBand;
        if (ofMany !== undefined) {
          throw new TiepointError('usage', 'more than one sensed image was named, or an option of several', {
            hint: 'To register several images to one reference add --series; to lay bands on each other, --bands.',
            value: ofMany,
          });
        }
        const { runRegister } = await import('../actions/register-images.js');
        await runRegister(reference, sensed, output, flags, session);
      },
    );
}
