import { transformModels } from '@tiepoint/geometry';
import { type Command, Option } from 'commander';
import { type RegisterMethod, registerMethods } from '../inputs/register-method.js';
import type { Verdict } from '../verdict/judge.js';
import { verdictLimits } from '../verdict/limits.js';
import { exitCodes } from '../errors/error-codes.js';
import { parseBandName, parsePositive, parseSeed, parseShare } from './option-parsers.js';
import type { NamedBand } from './open-image.js';

/** The options that `register`, `match` and `assess` share, as commander hands them over. */
export interface MatchingFlags {
  readonly json?: true | undefined;
  readonly method: RegisterMethod;
  readonly model: (typeof transformModels)[number] | 'auto';
  /** A number, a name, or `auto`. */
  readonly band?: NamedBand | undefined;
  readonly referenceBand?: NamedBand | undefined;
  readonly mask?: string | undefined;
  readonly referenceMask?: string | undefined;
  /** False by `--no-georeference`. */
  readonly georeference: boolean;
  readonly searchRadius?: number | undefined;
  readonly tiePoints?: string | undefined;
  readonly tiePointsSd?: number | undefined;
  readonly weights?: string | undefined;
  readonly detector?: string | undefined;
  readonly matcher?: string | undefined;
  readonly maxShift?: number | undefined;
  readonly mirrored?: true | undefined;
  readonly dem?: string | undefined;
  readonly zoom?: number | undefined;
  readonly acceptAbove?: number | undefined;
  readonly seed: number;
  readonly quiet?: true | undefined;
}

/** Adds the options that `register`, `match` and `assess` share. */
export function addMatchingOptions(command: Command): Command {
  return command
    .option(
      '--json',
      'write the result to standard output as one JSON document; everything else goes to standard error',
    )
    .addOption(
      new Option('--method <method>', 'how correspondences are sought').choices([...registerMethods]).default('auto'),
    )
    .addOption(
      new Option('--model <model>', 'what kind of transform to estimate')
        .choices([...transformModels, 'auto'])
        .default('auto'),
    )
    .option(
      '--band <band>',
      'band of the sensed image, by number from 1 or by name, as B04 (default: luminance); auto tries all',
      parseBandName,
    )
    .option('--reference-band <band>', 'the same for the reference image', parseBandName)
    .option('--mask <file>', 'where the sensed image may be matched: an image of its size, not zero is valid')
    .option('--reference-mask <file>', 'the same for the reference image')
    .option(
      '--tie-points <file>',
      'tie points of your own, joined to those that are found: .geojson .csv .points .gcp .pts .vrt .txt .annotation.json',
    )
    .option(
      '--tie-points-sd <px>',
      'how good those are that do not say it themselves, px of the reference (default: 1)',
      parsePositive,
    )
    .option('--no-georeference', 'do not use where the files say they lie')
    .option('--search-radius <px>', 'how far to search around the first guess, px of the reference', parsePositive)
    .option(
      '--max-shift <px>',
      'how far the middle of the reference may lie from where the files put it, px of the reference: a bound for every search',
      parsePositive,
    )
    .option('--dem <file>', 'heights of the ground, on which images with RPCs are placed (default: their mean height)')
    .option(
      '--zoom <n>',
      'of a reference of tiles (xyz:https://host/{z}/{x}/{y}.png, wmts:…), default: as fine as the sensed image',
      parseSeed,
    )
    .option('--mirrored', 'the sensed image is mirrored (where georeferences say so that is known)')
    .option(
      '--weights <file>',
      "of DLSM, which localises tie points, in place of those shipped; uss2020 for the paper's network, none to do without",
    )
    .option(
      '--detector <file>',
      'weights that find keypoints, in place of those shipped; none leaves keypoints to RIFT',
    )
    .option('--matcher <file>', 'weights that match keypoints, in place of those shipped')
    .option(
      '--accept-above <p>',
      `confidence from which an answer is accepted without a warning, 0 to 1 (default: ${verdictLimits.confidence.accept})`,
      parseShare,
    )
    .option('--seed <n>', 'of the random sampling: the same input and seed give the same answer', parseSeed, 0)
    .option('--quiet', 'write nothing but errors and what was asked for');
}

/** The exit status that a verdict means. */
export function statusOf(verdict: Verdict): number {
  return { accept: exitCodes.accepted, warn: exitCodes.warned, refuse: exitCodes.refused }[verdict];
}
