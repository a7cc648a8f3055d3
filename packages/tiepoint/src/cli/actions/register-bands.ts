import { identity, TiepointError } from '@tiepoint/geometry';
import { createEngine } from '@tiepoint/matching';
import { warpStack } from '@tiepoint/raster';
import { formatNumber } from '../../report/html.js';
import type { Registration } from '../../result/registration.js';
import { tool } from '../../result/tool.js';
import { transformFromJson } from '../../result/transform-json.js';
import { measurePair, type MeasuredPair } from '../../series/measured-pair.js';
import { planPairs } from '../../series/plan-pairs.js';
import { correctionModelOf, solveSeries } from '../../series/register-series.js';
import { type BandLayer, layerNumber, openBandLayers } from '../band-layers.js';
import type { RegisterFlags } from '../commands/register.js';
import { refuseFlagsOfOnePair } from '../flags-of-one-pair.js';
import { keypointsOption } from '../keypoints-option.js';
import { checkOutputs } from '../outputs/check-outputs.js';
import { imageOutput } from '../outputs/image.js';
import { warpOptionsOf } from '../outputs/registered-image.js';
import { statusOf } from '../registration-options.js';
import { registerOptionsOf } from '../register-options-of.js';
import type { CliSession } from '../session.js';
import { textTable } from '../text-table.js';
import { dlsmOption } from '../weights-option.js';

/** A layer and where it lies on the one that stays; null of that one itself. */
interface PlacedLayer {
  readonly layer: BandLayer;
  readonly registration: Registration | null;
}

/** Names of the command line, checked before anything is opened. */
async function checkNames(inputs: readonly string[], output: string, flags: RegisterFlags): Promise<void> {
  refuseFlagsOfOnePair(flags, '--bands', 'The JSON document (--json) has the solution of each band.');
  if (inputs.length === 0) {
    throw new TiepointError('usage', '--bands needs an image, or several, and an output', {
      hint: 'tiepoint register --bands scene.tif out.tif --to-band 3',
      value: output,
    });
  }
  await imageOutput.check(output, flags);
  if (/\.vrt$/i.test(output)) {
    throw new TiepointError('output-unsupported', `${output}: bands that lie apart are written as GeoTIFF`, {
      hint: 'Give the output a name that ends with .tif.',
      value: output,
    });
  }
  await checkOutputs([output], inputs, flags.overwrite === true);
}

/** Registers layers to the first, and each to the two next, solved together. */
async function placeLayers(
  layers: readonly BandLayer[],
  flags: RegisterFlags,
  session: CliSession,
): Promise<readonly Registration[]> {
  const networks = { ...(await dlsmOption(flags.weights)), ...(await keypointsOption(flags)) };
  const images = layers.map(({ name, file: { width, height, georeference } }) => ({
    name,
    width,
    height,
    georeference,
  }));
  // By their numbers: all show the same ground, and bands that follow each other look most alike.
  const plan = await planPairs(images, { georeference: false, neighbours: flags.neighbours });
  const pairs: MeasuredPair[] = [];
  await using engine = createEngine();
  for (const [i, numbers] of plan.entries()) {
    const [reference, sensed] = [layers[numbers.reference]!, layers[numbers.sensed]!];
    const measured = await measurePair(reference.file, sensed.file, {
      ...registerOptionsOf(
        { ...flags, band: undefined, referenceBand: undefined },
        session,
        reference.file,
        sensed.file,
      ),
      ...networks,
      band: sensed.band,
      referenceBand: reference.band,
      engine,
      onProgress: (part) => session.progress(`pair ${i + 1} of ${plan.length}: ${part}`),
    });
    pairs.push({ ...numbers, ...measured });
  }
  return (await solveSeries(images, pairs, correctionModelOf(flags.model))).images;
}

/** The layers in their own order, each with its registration to the one that stays. */
async function registerLayers(
  layers: readonly BandLayer[],
  to: number,
  flags: RegisterFlags,
  session: CliSession,
): Promise<readonly PlacedLayer[]> {
  const others = layers.filter((_, i) => i !== to);
  const found = await placeLayers([layers[to]!, ...others], flags, session);
  return layers.map((layer) => ({ layer, registration: found[others.indexOf(layer)] ?? null }));
}

function verdictOf(placed: readonly PlacedLayer[]): Registration['verdict'] {
  const verdicts = placed.map(({ registration }) => registration?.verdict ?? 'accept');
  if (verdicts.includes('refuse')) return 'refuse';
  return verdicts.includes('warn') ? 'warn' : 'accept';
}

function describe(placed: readonly PlacedLayer[], written: string | null): string {
  const rows = placed.map(({ layer, registration }): readonly [string, string] => {
    if (registration === null) return [layer.name, 'stays'];
    const { verdict, reasons, network } = registration;
    if (verdict === 'refuse') return [layer.name, `refuse: ${reasons[0] ?? ''}`];
    return [layer.name, `${verdict}, CE90 ${formatNumber(network?.ce90)} px`];
  });
  return `${textTable(rows)}${written === null ? 'nothing is written, as a band was refused' : `wrote ${written}`}\n`;
}

async function writeStack(
  placed: readonly PlacedLayer[],
  to: BandLayer,
  output: string,
  flags: RegisterFlags,
  session: CliSession,
): Promise<void> {
  const layers = placed.map(({ layer: { file, bands }, registration }) => ({
    source: file,
    bands,
    sensedToReference: registration === null ? identity : transformFromJson(registration)!,
  }));
  const items = {
    TIFFTAG_SOFTWARE: tool,
    TIEPOINT_TOOL: tool,
    TIEPOINT_VERDICT: verdictOf(placed),
    TIEPOINT_TO_BAND: to.name,
  };
  const options = warpOptionsOf(output, { flags, session, items });
  const { warnings } = await warpStack(layers, output, { ...options, reference: to.file });
  for (const warning of warnings) session.err(`tiepoint: ${warning}`);
}

/**
 * Lays the bands of a file, or the files of a capture, on one of them and writes one file.
 *
 * @throws TiepointError of reading, registering and writing
 */
export async function runBands(
  inputs: readonly string[],
  output: string,
  flags: RegisterFlags,
  session: CliSession,
): Promise<void> {
  await checkNames(inputs, output, flags);
  await using opened = await openBandLayers(inputs, flags, session);
  const { layers } = opened;
  const to = layerNumber(layers, flags.toBand ?? 1);
  const placed = await registerLayers(layers, to, flags, session);
  const verdict = verdictOf(placed);
  const written = verdict === 'refuse' ? null : output;
  if (written !== null) await writeStack(placed, layers[to]!, written, flags, session);
  session.progress('');
  session.exitCode = statusOf(verdict);
  if (flags.json) {
    const bands = placed.map(({ layer: { name, file, bands: own }, registration }) => ({
      name,
      source: file.name,
      bands: own,
      registration,
    }));
    await session.out(`${JSON.stringify({ version: 1, verdict, toBand: to + 1, output: written, bands }, null, 2)}\n`);
  } else if (!flags.quiet) {
    await session.out(describe(placed, written));
  }
}
