import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Options every bench takes. */
interface BenchOptions {
  readonly data?: string | undefined;
  readonly split?: string | undefined;
  readonly limit?: number | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly levels?: readonly string[] | undefined;
  /** Kinds of hard pairs. */
  readonly kinds?: readonly string[] | undefined;
  /** Folder of networks trained here. */
  readonly weights?: string | undefined;
  /** Templates to localise in each set. */
  readonly localise?: number | undefined;
  /** Sides of images, px. */
  readonly sides?: readonly number[] | undefined;
  /** Folder for figures. */
  readonly figures?: string | undefined;
  /** Folder of published networks. */
  readonly peers?: string | undefined;
  /** A table or figure of a paper, in place of the bench's own table. */
  readonly study?: string | undefined;
  /** Steps that a study trains each of its networks for. */
  readonly steps?: number | undefined;
  /** Folder of predictions to be scored, or made. */
  readonly predictions?: string | undefined;
  readonly json: boolean;
  /** Keep the rows, and per-pair results, under bench/results. */
  readonly save: boolean;
}

// Each bench is loaded when it is asked for: they pull in rivals of their own.
const benches: Readonly<Record<string, (options: BenchOptions) => Promise<readonly object[]>>> = {
  registration: async (options) => (await import('./registration/index.js')).runRegistrationBench(options),
  raster: async (options) => (await import('./raster/index.js')).runRasterBench(options),
  keypoints: async (options) => (await import('./keypoints/index.js')).runKeypointsBench(options),
  'onnx-grad': async (options) => (await import('./onnx-grad/index.js')).runOnnxGradBench(options),
  scale: async (options) => (await import('./scale/index.js')).runScaleBench(options),
  geotiff: async (options) => (await import('./geotiff/index.js')).runGeotiffBench(options),
  similarity: async (options) => (await import('./similarity/index.js')).runSimilarityBench(options),
  batch: async (options) => (await import('./batch/index.js')).runBatchBench(options),
  speed: async (options) => (await import('./speed/index.js')).runSpeedBench(options),
  trust: async (options) => (await import('./trust/index.js')).runTrustBench(options),
};

const usage = `npm run -s bench -- NAME [--data DIR] [--split val] [--limit N] [--methods a,b] [--levels a,b] [--kinds a,b] [--weights DIR] [--peers DIR] [--localise N] [--sides 1000,2000] [--figures DIR] [--study NAME] [--steps N] [--predictions DIR] [--json] [--save]
benches: ${Object.keys(benches).join(', ')}`;

/** The commit the code is of; results that lie uncommitted, as those of the run itself may, do not change it. */
function commitOf(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', ':/', ':(exclude,top)bench/results');
  return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : '-dirty');
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Stores a run's rows. A run of part of the data is kept too, under its own name: the rows say how many pairs they rest on. */
async function keep(
  document: { readonly bench: string },
  { study, split, methods, levels, kinds, limit }: Readonly<Partial<Record<string, string | boolean>>>,
): Promise<void> {
  const results = join(dirname(fileURLToPath(import.meta.url)), '../results');
  await mkdir(results, { recursive: true });
  const list = (text: string | boolean | undefined): string[] => (typeof text === 'string' ? text.split(',') : []);
  const name = [
    document.bench,
    ...[study, split].flatMap(list),
    ...[methods, levels].flatMap(list),
    ...(kinds === undefined ? [] : ['kinds', ...list(kinds)]),
    ...(limit === undefined ? [] : [`limit${limit}`]),
  ].join('-');
  await writeFile(join(results, `${name}.json`), `${JSON.stringify(document, null, 1)}\n`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      split: { type: 'string' },
      limit: { type: 'string' },
      methods: { type: 'string' },
      levels: { type: 'string' },
      kinds: { type: 'string' },
      weights: { type: 'string' },
      localise: { type: 'string' },
      sides: { type: 'string' },
      figures: { type: 'string' },
      peers: { type: 'string' },
      study: { type: 'string' },
      steps: { type: 'string' },
      predictions: { type: 'string' },
      json: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  });
  const [name] = positionals;
  const bench = name === undefined ? undefined : benches[name];
  if (name === undefined || bench === undefined || positionals.length > 1) {
    console.error(usage);
    return 2;
  }
  const rows = await bench({
    data: values.data,
    split: values.split,
    limit: numberOf(values.limit),
    methods: values.methods?.split(','),
    levels: values.levels?.split(','),
    kinds: values.kinds?.split(','),
    weights: values.weights,
    localise: numberOf(values.localise),
    sides: values.sides?.split(',').map(Number),
    figures: values.figures,
    peers: values.peers,
    study: values.study,
    steps: numberOf(values.steps),
    predictions: values.predictions,
    json: values.json,
    save: values.save,
  });
  const document = {
    bench: name,
    commit: commitOf(),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, node ${process.version}`,
    command: `npm run -s bench -- ${process.argv.slice(2).join(' ')}`,
    date: new Date().toISOString().slice(0, 10),
    rows,
  };
  if (values.save) await keep(document, values);
  if (values.json) console.log(JSON.stringify(document));
  else console.table(rows);
  return 0;
}

process.exitCode = await main();
