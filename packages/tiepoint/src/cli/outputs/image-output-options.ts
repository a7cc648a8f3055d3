import type { WarpResampling } from '@tiepoint/raster';
import { type Command, Option } from 'commander';
import { parseKeyValue, parseNodataValue, parseNumbers } from '../option-parsers.js';

/** The options of commands that write an image. */
export interface ImageOutputFlags {
  readonly resampling?: WarpResampling | 'near' | undefined;
  readonly of: 'COG' | 'GTiff';
  readonly co?: Readonly<Record<string, string>> | undefined;
  readonly dstCrs?: string | undefined;
  readonly tr?: readonly number[] | undefined;
  readonly te?: readonly number[] | undefined;
  readonly tap?: true | undefined;
  readonly srcNodata?: number | null | undefined;
  readonly dstNodata?: number | null | undefined;
  readonly wo?: Readonly<Record<string, string>> | undefined;
}

/**
 * The names that `-r` takes: GDAL's, and `nearest` for its `near`. They are spelt out here, since importing them would load the
 * raster package for every `--help`; a test compares them.
 */
export const resamplingNames: readonly NonNullable<ImageOutputFlags['resampling']>[] = [
  'near',
  'nearest',
  'bilinear',
  'cubic',
  'cubicspline',
  'lanczos',
  'average',
  'mode',
];

/** Adds the options of commands that write an image. */
export function addImageOutputOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '-r, --resampling <kernel>',
        "how the output is interpolated, by GDAL's names (default: bilinear; nearest for palettes and classes)",
      ).choices([...resamplingNames]),
    )
    .addOption(new Option('--of <format>', 'format of the output').choices(['COG', 'GTiff']).default('COG'))
    .option(
      '--co <name=value>',
      'creation option: COMPRESS, LEVEL, QUALITY, PREDICTOR, BLOCKSIZE, BIGTIFF, OVERVIEWS, OVERVIEW_RESAMPLING, NUM_THREADS; may be repeated',
      parseKeyValue,
    )
    .option(
      '--dst-crs <crs>',
      'coordinate system of the output (EPSG:n, PROJ or WKT); default: the grid of the reference',
    )
    .option('--tr <x y>', 'size of a pixel in units of that system (as -tr x y, or "x y")', parseNumbers(2))
    .option('--te <extent>', 'extent: minX minY maxX maxY in that system (as -te, or in one word)', parseNumbers(4))
    .option('--tap', 'align the extent to whole multiples of the pixel size')
    .option('--src-nodata <value>', 'value of missing samples of the input, whatever the file says', parseNodataValue)
    .option('--dst-nodata <value>', 'value of missing samples of the output; none for a mask', parseNodataValue)
    .option('--wo <name=value>', 'warp option: NUM_THREADS; others of GDAL are passed over', parseKeyValue);
}
