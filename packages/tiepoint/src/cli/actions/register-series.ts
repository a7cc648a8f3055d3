import { TiepointError } from '@tiepoint/geometry';
import { createEngine } from '@tiepoint/matching';
import { bandNumber } from '@tiepoint/raster';
import { Command } from 'commander';
import type { PlacedImage } from '../../inputs/start-geometry.js';
import { metadataItems } from '../../result/metadata-items.js';
import type { Registration } from '../../result/registration.js';
import { tool } from '../../result/tool.js';
import { transformFromJson } from '../../result/transform-json.js';
import { measurePair, type MeasuredPair, type PairNumbers } from '../../series/measured-pair.js';
import { planPairs } from '../../series/plan-pairs.js';
import { correctionModelOf, solveSeries } from '../../series/register-series.js';
import type { RegisterFlags } from '../commands/register.js';
import { refuseFlagsOfOnePair } from '../flags-of-one-pair.js';
import { identifyInputs } from '../input-identity.js';
import { jobId } from '../job-id.js';
import { keypointsOption } from '../keypoints-option.js';
import { openMasks } from '../masks.js';
import { type NamedBand, openImage } from '../open-image.js';
import { openPair } from '../open-pair.js';
import { checkOutputs } from '../outputs/check-outputs.js';
import { imageOutput } from '../outputs/image.js';
import { solutionOutput } from '../outputs/solution.js';
import { addMatchingOptions, statusOf } from '../registration-options.js';
import { registerOptionsOf } from '../register-options-of.js';
import { openSeriesFolder, type SeriesFolder } from '../series-folder.js';
import { seriesDocument, summariseSeries, verdictOfAll } from '../series-summary.js';
import type { CliSession } from '../session.js';
import { weightsIdentity } from '../weights-identity.js';
import { dlsmOption } from '../weights-option.js';

function checkFlags(images: readonly string[], flags: RegisterFlags): void {
  refuseFlagsOfOnePair(flags, '--series', 'Use --output-folder, which also gets the solutions.');
  if (images.length < 2) {
    throw new TiepointError('usage', 'a series needs a reference and two images or more', {
      hint: 'tiepoint register --series REFERENCE IMAGE IMAGE …',
      value: images.length,
    });
  }
}

/** The flags of a pair: what is said of the sensed image holds for all but the reference of the series. */
function flagsOfPair({ reference }: PairNumbers, flags: RegisterFlags): RegisterFlags {
  if (reference === 0) return flags;
  return { ...flags, referenceBand: flags.band, referenceMask: undefined };
}

/** Looks at each image once, and at one at a time: there may be more than can be open at once. */
async function lookAtAll(
  paths: readonly string[],
  flags: RegisterFlags,
  session: CliSession,
): Promise<readonly PlacedImage[]> {
  const seen: PlacedImage[] = [];
  const numbers = new Set<number>();
  const named = (band: NamedBand | undefined): band is string => typeof band === 'string' && band !== 'auto';
  for (const [i, path] of paths.entries()) {
    await using file = await openImage(path, session, i === 0 ? flags.referenceBand : flags.band);
    const { name, width, height, georeference } = file;
    if (i > 0 && named(flags.band)) numbers.add(bandNumber(file, flags.band));
    seen.push({ name, width, height, georeference });
  }
  if (numbers.size > 1) {
    const found = [...numbers];
    throw new TiepointError(
      'invalid-option',
      `"${flags.band}" is not the same band of every image: ${found.join(', ')}`,
      {
        hint: 'Register them one by one.',
        value: found,
      },
    );
  }
  return seen;
}

/** Gives each pair an identity that changes with anything its measurement rests on. */
async function identities(paths: readonly string[], flags: RegisterFlags): Promise<(pair: PairNumbers) => string> {
  const { referenceMask, dem } = flags;
  const states = await identifyInputs([...paths, referenceMask, dem].filter((path) => path !== undefined));
  const weights = await weightsIdentity(flags);
  const names = addMatchingOptions(new Command()).options.map((option) => option.attributeName());
  return (pair) => {
    const own = flagsOfPair(pair, flags) as unknown as Readonly<Record<string, unknown>>;
    const inputs = Object.entries({
      reference: paths[pair.reference],
      sensed: paths[pair.sensed],
      referenceMask: own['referenceMask'] as string | undefined,
      dem,
    });
    return jobId({
      tool,
      weights,
      options: Object.fromEntries(names.map((name) => [name, own[name]])),
      inputs: inputs.flatMap(([role, path]) => (path === undefined ? [] : [[role, path, states.get(path)!] as const])),
      solution: '',
    });
  };
}

/** Resident bytes from which graphs of earlier shapes are given up. */
const roomy = 2e9;

/** Measures the pairs that a folder does not know yet; each is kept as soon as it is measured. */
async function measureAll(
  plan: readonly PairNumbers[],
  paths: readonly string[],
  flags: RegisterFlags,
  session: CliSession,
  memory: { readonly folder: SeriesFolder | null; readonly idOf: (pair: PairNumbers) => string },
): Promise<readonly MeasuredPair[]> {
  const networks = { ...(await dlsmOption(flags.weights)), ...(await keypointsOption(flags)) };
  const pairs: MeasuredPair[] = [];
  let engine = createEngine();
  try {
    for (const [i, numbers] of plan.entries()) {
      const id = memory.idOf(numbers);
      const known = await memory.folder?.recall(id);
      if (known) {
        pairs.push({ ...numbers, ...known });
        continue;
      }
      const own = flagsOfPair(numbers, flags);
      await using pair = await openPair(paths[numbers.reference]!, paths[numbers.sensed]!, own, session);
      await using masks = await openMasks(own, session.signal);
      const measured = await measurePair(pair.reference, pair.sensed, {
        ...registerOptionsOf(own, session, pair.reference, pair.sensed),
        ...networks,
        ...masks.options,
        engine,
        onProgress: (part) => session.progress(`pair ${i + 1} of ${plan.length}: ${part}`),
      });
      memory.folder?.keep(id, measured);
      pairs.push({ ...numbers, ...measured });
      if (process.memoryUsage.rss() > roomy) {
        await engine.dispose();
        engine = createEngine();
      }
    }
  } finally {
    await engine.dispose();
  }
  return pairs;
}

/** Writes what is not there yet: the image, then its solution, the mark that both are whole. */
async function writeImage(
  paths: readonly [reference: string, image: string],
  registration: Registration,
  folder: SeriesFolder,
  flags: RegisterFlags,
  session: CliSession,
): Promise<void> {
  const outputs = folder.outputsOf(paths[1]);
  const hasImage = registration.verdict !== 'refuse';
  if (await folder.isDone(outputs, registration.provenance.job!, hasImage)) return;
  await folder.claim(outputs);
  await using pair = await openPair(...paths, flags, session);
  const { reference, sensed } = pair;
  let result = { registration };
  try {
    const sensedToReference = transformFromJson(registration);
    const items = metadataItems(registration);
    await imageOutput.write(outputs.image, { flags, session, reference, sensed, sensedToReference, items });
  } catch (error) {
    // Placed by others, where the reference does not reach: `tiepoint warp --te` makes an image of it.
    if (!(error instanceof TiepointError && error.code === 'no-overlap')) throw error;
    const warnings = [...registration.warnings, 'the image lies beside the reference, on whose grid nothing of it is'];
    session.err(`tiepoint: ${paths[1]}: ${warnings.at(-1)}`);
    result = { registration: { ...registration, warnings } };
  }
  await solutionOutput.write(outputs.solution, { flags, session, result });
}

/** Registers a series as a network by the command line's options. @throws TiepointError of reading, registering and writing. */
export async function runSeries(
  referencePath: string,
  imagePaths: readonly string[],
  flags: RegisterFlags,
  session: CliSession,
): Promise<void> {
  checkFlags(imagePaths, flags);
  const paths = [referencePath, ...imagePaths];
  const folder =
    flags.outputFolder === undefined ? null : openSeriesFolder(flags.outputFolder, flags.overwrite === true);
  if (folder !== null) {
    const outputs = imagePaths.map((path) => folder.outputsOf(path));
    for (const one of outputs) await folder.check(one);
    // Only whether names are inputs or named twice: what is there was looked at.
    await checkOutputs(
      outputs.flatMap(({ image, solution }) => [image, solution]),
      [...paths, flags.referenceMask].filter((path) => path !== undefined),
      true,
    );
  }
  const images = await lookAtAll(paths, flags, session);
  const plan = await planPairs(images, flags);
  const idOf = await identities(paths, flags);
  const pairs = await measureAll(plan, paths, flags, session, { folder, idOf });
  const found = await solveSeries(images, pairs, correctionModelOf(flags.model));
  if (folder !== null) {
    const { json: _j, quiet: _q, overwrite: _o, ...options } = flags;
    for (const [i, registration] of found.images.entries()) {
      const path = imagePaths[i]!;
      const inputs = plan.map((pair) => ['pair', idOf(pair), ''] as const);
      const { verdict, model, sensedToReference, parameters } = registration;
      const place = JSON.stringify([path, verdict, model, sensedToReference, parameters]);
      const job = jobId({ tool, weights: '', options: { ...options }, inputs, solution: place });
      const document = { ...registration, provenance: { ...registration.provenance, job } };
      await writeImage([referencePath, path], document, folder, flags, session);
    }
  }
  session.progress('');
  session.exitCode = statusOf(verdictOfAll(found.images.map(({ verdict }) => verdict)));
  if (flags.json) await session.out(`${JSON.stringify(seriesDocument(found, paths), null, 2)}\n`);
  else if (!flags.quiet) await session.out(summariseSeries(found, paths));
}
