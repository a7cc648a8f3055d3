import { basename, extname, join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { bandNumber, type RasterFile } from '@tiepoint/raster';
import type { Verdict } from '../../verdict/judge.js';
import { formatNumber } from '../../report/html.js';
import { registerSeries, type SeriesRegistration } from '../../series/register-series.js';
import { metadataItems } from '../../result/metadata-items.js';
import { transformFromJson } from '../../result/transform-json.js';
import type { RegisterFlags } from '../commands/register.js';
import { keypointsOption } from '../keypoints-option.js';
import { openMasks } from '../masks.js';
import { type NamedBand, openImage } from '../open-image.js';
import { checkOutputs } from '../outputs/check-outputs.js';
import { imageOutput } from '../outputs/image.js';
import { registerOutputs } from '../outputs/lists.js';
import { solutionOutput } from '../outputs/solution.js';
import { statusOf } from '../registration-options.js';
import { registerOptionsOf } from '../register-options-of.js';
import type { CliSession } from '../session.js';
import { textTable } from '../text-table.js';
import { dlsmOption } from '../weights-option.js';

/** Options that name one file of one pair, by their flags. */
const ofOnePair: Readonly<Record<string, string>> = {
  ...Object.fromEntries(registerOutputs.map(({ flag, option }) => [flag, option.split(' ')[0]!])),
  mask: '--mask',
  tiePoints: '--tie-points',
};

function checkFlags(images: readonly string[], flags: RegisterFlags): void {
  const values = flags as unknown as Readonly<Record<string, unknown>>;
  const named = Object.keys(ofOnePair).find((name) => values[name] !== undefined);
  if (named !== undefined) {
    throw new TiepointError('usage', `${ofOnePair[named]} is of one pair and cannot be used with --series`, {
      hint: 'Use --output-folder, which also gets the solutions.',
      value: values[named],
    });
  }
  if (images.length < 2) {
    throw new TiepointError('usage', 'a series needs a reference and two images or more', {
      hint: 'tiepoint register --series REFERENCE IMAGE IMAGE …',
      value: images.length,
    });
  }
}

async function openAll(
  paths: readonly string[],
  session: CliSession,
  band: NamedBand | undefined,
): Promise<AsyncDisposable & { readonly images: readonly RasterFile[] }> {
  const images: RasterFile[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(images.map((image) => image.close()));
  };
  try {
    for (const path of paths) images.push(await openImage(path, session, band));
  } catch (error) {
    await close();
    throw error;
  }
  return { images, [Symbol.asyncDispose]: close };
}

/** A name must mean the same band of all. @throws TiepointError `no-such-band`, `invalid-option` */
function checkBands(images: readonly RasterFile[], band: NamedBand | undefined): void {
  if (typeof band !== 'string' || band === 'auto') return;
  const numbers = images.map((image) => bandNumber(image, band));
  if (new Set(numbers).size === 1) return;
  throw new TiepointError('invalid-option', `"${band}" is not the same band of every image: ${numbers.join(', ')}`, {
    hint: 'Register them one by one.',
    value: numbers,
  });
}

/** Refused only where every image was: the others are written, with a warning. */
function verdictOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.every((verdict) => verdict === 'accept')) return 'accept';
  return verdicts.every((verdict) => verdict === 'refuse') ? 'refuse' : 'warn';
}

function describe({ results, loops }: SeriesRegistration, images: readonly string[]): string {
  const rows = results.map(({ registration: { verdict, accuracy, inliers } }, i): [string, string] => [
    basename(images[i]!),
    `${verdict}, ${inliers} tie points${accuracy === null ? '' : `, CE90 ${formatNumber(accuracy.ce90)} px`}`,
  ]);
  for (const {
    images: [from, through],
    misclosure,
    expected,
    consistent,
  } of loops) {
    const ways = `${basename(images[from]!)} directly and through ${basename(images[through]!)}`;
    rows.push([
      consistent ? 'loop closes' : 'LOOP OPEN',
      `${ways}: ${formatNumber(misclosure)} px apart, ${formatNumber(expected)} px expected`,
    ]);
  }
  return textTable(rows);
}

/** Registers a series to one reference by the command line's options. @throws TiepointError of reading, registering and writing. */
export async function runSeries(
  referencePath: string,
  imagePaths: readonly string[],
  flags: RegisterFlags,
  session: CliSession,
): Promise<void> {
  checkFlags(imagePaths, flags);
  const { signal } = session;
  const overwrite = flags.overwrite === true;
  const folder = flags.outputFolder;
  const outputs = imagePaths.map((path) => {
    const stem = join(folder ?? '.', basename(path, extname(path)));
    return { image: `${stem}-registered.tif`, solution: `${stem}-solution.json` };
  });
  const inputs = [referencePath, ...imagePaths, flags.referenceMask].filter((path) => path !== undefined);
  if (folder !== undefined) {
    await checkOutputs(
      outputs.flatMap(({ image, solution }) => [image, solution]),
      inputs,
      overwrite,
    );
  }
  await using reference = await openImage(referencePath, session, flags.referenceBand);
  await using masks = await openMasks(flags, signal);
  await using opened = await openAll(imagePaths, session, flags.band);
  checkBands(opened.images, flags.band);
  const found = await registerSeries(reference, opened.images, {
    ...registerOptionsOf(flags, session, reference, opened.images[0]!),
    ...(await dlsmOption(flags.weights)),
    ...(await keypointsOption(flags)),
    ...masks.options,
  });
  if (folder !== undefined) {
    for (const [i, result] of found.results.entries()) {
      const { image, solution } = outputs[i]!;
      const context = { flags, session, result, reference, sensed: opened.images[i]! };
      await solutionOutput.write(solution, context);
      await imageOutput.write(image, {
        ...context,
        sensedToReference: transformFromJson(result.registration),
        items: metadataItems(result.registration),
      });
    }
  }
  session.progress('');
  const documents = found.results.map(({ registration }) => registration);
  const verdict = verdictOf(documents.map((document) => document.verdict));
  session.exitCode = statusOf(verdict);
  if (flags.json) {
    await session.out(`${JSON.stringify({ version: 1, verdict, loops: found.loops, images: documents }, null, 2)}\n`);
  } else if (!flags.quiet) {
    await session.out(describe(found, imagePaths));
  }
}
