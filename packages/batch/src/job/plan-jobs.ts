import { existsSync } from 'node:fs';
import { basename, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { isTileName, isUrl } from '@tiepoint/raster';
import { identifyInputs, jobId, registerOutputs, tool, weightsIdentity } from 'tiepoint/cli';
import type { ManifestRow } from '../manifest/row.js';
import { type Job, type JobOutputs, outputPaths } from './job.js';
import { type ParsedRow, parseRow } from './row-options.js';

/** How rows become jobs. */
export interface PlanOptions {
  /** Folder that paths of inputs are relative to; what is not there is looked for from the current folder. */
  readonly inputFolder: string;
  /** Folder that outputs are relative to. */
  readonly outputFolder: string;
  /** Whether outputs get names of their own where rows give none. */
  readonly nameOutputs: boolean;
  readonly reports: boolean;
  /** Where pictures go; null for none. */
  readonly thumbnailFolder: string | null;
  /** Options of `register` given for all rows; a row's own come first. */
  readonly shared: Readonly<Record<string, unknown>>;
}

function locate(source: string, folder: string): string {
  if (isUrl(source) || isTileName(source) || isAbsolute(source)) return source;
  const beside = resolve(folder, source);
  return existsSync(beside) || !existsSync(source) ? beside : resolve(source);
}

function stemOf(source: string): string {
  const name = isUrl(source) ? basename(new URL(source).pathname) : basename(source);
  return basename(name, extname(name)) || 'image';
}

/** Gives each row a name that no other has: later rows whose images have the same name get the reference's as well, or a number. */
function namesOf(rows: readonly ParsedRow[]): readonly string[] {
  const taken = new Set<string>();
  return rows.map(({ row, reference, sensed }) => {
    const short = row.source?.id?.replaceAll(/[^\w.-]+/g, '-') ?? stemOf(sensed);
    let name = taken.has(short) ? `${stemOf(reference)}--${short}` : short;
    for (let n = 2; taken.has(name); n++) name = `${stemOf(reference)}--${short}-${n}`;
    taken.add(name);
    return name;
  });
}

function noOutput(row: ManifestRow): TiepointError {
  return new TiepointError('usage', `${row.place}: nothing says where its result goes`, {
    hint: 'Name a folder for all with --output-folder, or an output or a solution in the row.',
    value: row.place,
  });
}

/** Where a row's results go. @throws TiepointError `usage`, and of the outputs' own checks */
async function outputsOf({ row, output, flags }: ParsedRow, name: string, plan: PlanOptions): Promise<JobOutputs> {
  const named: Record<string, string> = {};
  const { nameOutputs, outputFolder, reports } = plan;
  const values: Readonly<Record<string, unknown>> = { ...flags, output };
  for (const { flag } of registerOutputs) {
    if (typeof values[flag] === 'string') named[flag] = resolve(outputFolder, values[flag]);
  }
  if (nameOutputs) {
    named['output'] ??= join(outputFolder, `${name}-registered.tif`);
    if (reports) named['report'] ??= join(outputFolder, `${name}-report.html`);
    named['solution'] ??= join(outputFolder, `${name}-solution.json`);
  }
  const image = named['output'];
  if (image !== undefined) named['solution'] ??= `${image.slice(0, -extname(image).length || undefined)}-solution.json`;
  const { solution } = named;
  if (solution === undefined) throw noOutput(row);
  for (const checked of registerOutputs) {
    const path = named[checked.flag];
    if (path !== undefined) await checked.check(path, flags);
  }
  return { ...named, solution };
}

/** The first two rows that write the same file. */
function refuseSharedOutputs(rows: readonly ParsedRow[], outputs: readonly JobOutputs[]): void {
  const owners = new Map<string, string>();
  for (const [i, written] of outputs.entries()) {
    for (const path of outputPaths(written)) {
      const { place } = rows[i]!.row;
      const other = owners.get(path);
      if (other !== undefined) {
        throw new TiepointError('invalid-manifest', `${place}: writes ${path}, as ${other} does`, {
          hint: 'Give every row an output of its own.',
          value: path,
        });
      }
      owners.set(path, place);
    }
  }
}

/** Inputs of a row by their roles. */
function inputsOf({ reference, sensed, flags }: ParsedRow, folder: string): readonly (readonly [string, string])[] {
  const { mask, referenceMask, tiePoints, dem } = flags;
  const named = Object.entries({ reference, sensed, mask, referenceMask, tiePoints, dem });
  return named.flatMap(([role, path]) => (path === undefined ? [] : [[role, locate(path, folder)] as const]));
}

/** Says all that is wrong with a manifest at once. */
async function collect<T, U>(items: readonly T[], turn: (item: T, i: number) => Promise<U> | U): Promise<U[]> {
  const done: U[] = [];
  const failures: TiepointError[] = [];
  for (const [i, item] of items.entries()) {
    try {
      done.push(await turn(item, i));
    } catch (error) {
      if (!(error instanceof TiepointError)) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (first === undefined) return done;
  if (failures.length === 1) throw first;
  const shown = failures.slice(0, 20).map(({ message }) => `\n  ${message}`);
  const more = failures.length > 20 ? `\n  and ${failures.length - 20} more` : '';
  throw new TiepointError(first.code, `${failures.length} rows are wrong:${shown.join('')}${more}`, {
    hint: first.hint,
    value: failures.length,
  });
}

/** Weights are read once for each combination of names. */
function weightsOnce(): (flags: Parameters<typeof weightsIdentity>[0]) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return ({ method, weights, detector, matcher }) => {
    const key = JSON.stringify([method, weights, detector, matcher]);
    const found = known.get(key) ?? weightsIdentity({ method, weights, detector, matcher });
    known.set(key, found);
    return found;
  };
}

/**
 * Turns rows into jobs, each with its identity.
 *
 * @throws TiepointError `invalid-manifest` and `usage`, naming the rows; `weights-missing`
 */
export async function planJobs(rows: readonly ManifestRow[], plan: PlanOptions): Promise<readonly Job[]> {
  const parsed = await collect(rows, (row) => parseRow(row, plan.shared));
  const names = namesOf(parsed);
  const outputs = await collect(parsed, (row, i) => outputsOf(row, names[i]!, plan));
  refuseSharedOutputs(parsed, outputs);
  const inputs = parsed.map((row) => inputsOf(row, plan.inputFolder));
  const states = await identifyInputs(inputs.flatMap((named) => named.map(([, source]) => source)));
  const weights = weightsOnce();
  const jobs: Job[] = [];
  for (const [i, { row, flags }] of parsed.entries()) {
    const sources = Object.fromEntries(inputs[i]!);
    const options = Object.fromEntries(
      Object.entries(flags).filter(([name]) => !registerOutputs.some(({ flag }) => flag === name)),
    ) as unknown as Job['flags'];
    const id = jobId({
      tool,
      weights: await weights(flags),
      options: { ...options },
      inputs: inputs[i]!.map(([role, source]) => [role, source, states.get(source)!]),
      solution: relative(plan.outputFolder, outputs[i]!.solution),
    });
    const { reference, sensed, ...others } = sources;
    jobs.push({
      id,
      name: names[i]!,
      place: row.place,
      reference: reference!,
      sensed: sensed!,
      flags: { ...options, ...others },
      outputs: outputs[i]!,
      thumbnails: plan.thumbnailFolder === null ? undefined : join(plan.thumbnailFolder, id.slice(0, 20)),
      source: row.source,
    });
  }
  return jobs;
}
