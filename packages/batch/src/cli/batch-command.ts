import { Command, InvalidArgumentError } from 'commander';
import { addImageOutputOptions, addMatchingOptions, type CliSession, parseCount, parsePositive } from 'tiepoint/cli';
import type { Shard } from '../run/run-batch.js';

/** The options of `tiepoint batch`, beside those that all rows share. */
export interface BatchFlags {
  readonly reference?: string | undefined;
  readonly outputFolder?: string | undefined;
  readonly jobs?: number | undefined;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memory?: number | undefined;
  readonly restart?: true | undefined;
  readonly retryFailed?: true | undefined;
  readonly shard?: Shard | undefined;
  readonly queue?: string | undefined;
  readonly journal?: string | undefined;
  readonly summary?: readonly string[] | undefined;
  readonly reports?: true | undefined;
  /** False by `--no-thumbnails`. */
  readonly thumbnails: boolean;
  readonly dryRun?: true | undefined;
  readonly asset?: string | undefined;
  readonly assetRole?: string | undefined;
  readonly referenceCollection?: string | undefined;
  readonly referenceAsset?: string | undefined;
  readonly stacApi?: string | undefined;
  readonly collections?: readonly string[] | undefined;
  readonly bbox?: readonly number[] | undefined;
  readonly datetime?: string | undefined;
  readonly limit: number;
  readonly signer?: string | undefined;
  /** Folder of the static collection that is written. */
  readonly stac?: string | undefined;
  readonly overwrite?: true | undefined;
  readonly json?: true | undefined;
  readonly quiet?: true | undefined;
}

function parseShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new InvalidArgumentError('It must read i/n, i from 1 to n.');
}

function parseList(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim());
}

function parseBox(text: string): readonly number[] {
  const box = text.split(',').map(Number);
  if (box.length === 4 && box.every(Number.isFinite)) return box;
  throw new InvalidArgumentError('It must read west,south,east,north.');
}

/** `tiepoint batch`. */
export function batchCommand(session: CliSession): Command {
  const command = new Command('batch')
    .summary('register many pairs, resumable')
    .description(
      'Registers the pairs of a manifest, or many images to one reference. What is done stays done: the same command again goes ' +
        'on where the last one ended, however that ended. Options of `register` given here hold for all rows that do not say ' +
        'otherwise.',
    )
    .argument(
      '[manifest...]',
      'a manifest (.csv, .jsonl, .json, STAC items; - is standard input), or with --reference: images, globs',
    )
    .option('--reference <image>', 'register every image named to this one')
    .option('--output-folder <dir>', 'where registered images, solutions, journal and pictures go')
    .option('--jobs <n>', 'pairs at once (default: by cores and memory)', parseCount)
    .option('--timeout <seconds>', 'the longest that a pair may take', parsePositive, 3600)
    .option(
      '--memory <mb>',
      'the most that a pair may hold (default: four fifths of the machine among all)',
      parsePositive,
    )
    .option('--restart', 'begin anew, whatever the journal says')
    .option('--retry-failed', 'try again what failed')
    .option('--shard <i/n>', 'do only every n-th pair, from the i-th: for arrays of jobs on a cluster', parseShard)
    .option('--queue <url>', 'give the pairs to workers: redis://… (Valkey as well) or postgres://… (tiepoint worker)')
    .option('--journal <file>', 'where it is kept what is done (default: tiepoint-batch.jsonl in the output folder)')
    .option(
      '--summary <file>',
      'write a summary: .csv .geojson .html; may be repeated',
      (path: string, before: readonly string[] = []) => [...before, path],
    )
    .option('--reports', 'write the report of each pair as well')
    .option('--no-thumbnails', 'make no pictures for the summary')
    .option('--asset <name>', 'of STAC items: the asset to register (default: the visual one, or the first with data)')
    .option('--asset-role <role>', 'the first asset of this role instead')
    .option('--reference-collection <source>', 'STAC items of which each image gets the one that overlaps most')
    .option('--reference-asset <name>', 'their asset')
    .option('--stac-api <url>', 'search a STAC API in place of a manifest')
    .option('--collections <ids>', 'with --stac-api: collections to search, separated by commas', parseList)
    .option('--bbox <w,s,e,n>', 'with --stac-api: where, degrees', parseBox)
    .option('--datetime <interval>', 'with --stac-api: when, RFC 3339: 2024-05-01T00:00:00Z/2024-06-01T00:00:00Z')
    .option('--limit <n>', 'of STAC: the most items', parseCount, 10_000)
    .option('--signer <module>', 'a module that signs addresses of a provider (see docs/stac.md)')
    .option('--stac <folder>', 'write the registered images as a static STAC collection')
    .option('--overwrite', 'replace files that are there and that this batch has not made')
    .option('--dry-run', 'check the manifest, list the pairs and what is done of them, and end');
  addImageOutputOptions(addMatchingOptions(command));
  const json = command.options.find(({ long }) => long === '--json');
  if (json !== undefined) json.description = 'write every event as a line of JSON to standard output';
  return command
    .addHelpText(
      'after',
      `
Exit status, the worst that applies: 1 a pair failed, 4 one was refused, 5 one has a warning, 0 all accepted.
Ctrl-C ends after the pairs that run, a second one at once.

Examples:
  tiepoint batch pairs.csv --output-folder registered --summary registered/index.html
  tiepoint batch --reference optical.tif 'scenes/*.tif' --output-folder registered --jobs 4
  tiepoint batch pairs.jsonl --output-folder /shared/registered --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"`,
    )
    .action(async (manifests: string[], flags: BatchFlags, parsed: Command) => {
      const { runBatchCommand } = await import('./run-batch-command.js');
      await runBatchCommand(manifests, flags, sharedOptions(parsed), session);
    });
}

/** Options of `register` that were given for all rows. */
function sharedOptions(command: Command): Readonly<Record<string, unknown>> {
  const matching = addImageOutputOptions(addMatchingOptions(new Command()));
  const names = matching.options.map((option) => option.attributeName());
  const given = names.filter((name) => command.getOptionValueSource(name) === 'cli');
  return Object.fromEntries(given.map((name) => [name, command.getOptionValue(name) as unknown]));
}
