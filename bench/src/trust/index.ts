import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformPoint } from '@tiepoint/geometry';
import { createEngine } from '@tiepoint/matching';
import type { PairRecord } from '@tiepoint/training';
import { shippedDlsm, type TaskResult } from 'tiepoint';
import { loadPair, readPairs } from '../registration/dataset.js';
import { checkPointError, levels, type WarpedPair, warpPair } from '../registration/known-warp.js';
import { registerPair } from '../registration/tiepoint-method.js';
import {
  calibrationOf,
  type CheckedPoint,
  type CheckedRegistration,
  ownCalibration,
  type TrustRow,
} from './calibration.js';
import { type HardKind, hardKinds } from './hard-pairs.js';
import { type KindResult, type KindRow, kindRow, runKinds } from './kinds/run-kinds.js';
import { bandPairs, type StackPair } from './stack-pairs.js';
import { drawTrustPlot } from './trust-plot.js';

/** What the command line hands over. */
export interface TrustBenchOptions {
  readonly data?: string | undefined;
  readonly split?: string | undefined;
  /** Pairs of each set, and of each hard kind, at most. */
  readonly limit?: number | undefined;
  /** `tiepoint` (default) or `tiepoint-handmade`, which does without learned localisation. */
  readonly methods?: readonly string[] | undefined;
  readonly levels?: readonly string[] | undefined;
  /** In place of the calibration: kinds of pairs on which verdicts err easily, by name, or `all`. */
  readonly kinds?: readonly string[] | undefined;
  readonly json: boolean;
  readonly save?: boolean | undefined;
}

/** Verdicts on pairs of a kind that is hard. */
export interface HardRow {
  readonly set: string;
  readonly n: number;
  /** Not refused; and of these, with a warning, and right to 3 px. */
  readonly accepted: number;
  readonly warned: number;
  readonly right: number;
}

const sets = ['infrared', 's1s2', 'metre-sar', 'aerial', 'global-dem', 'bands'];
/** What the hard kinds are made of. */
const hardSets = ['infrared', 's1s2', 'metre-sar'];
/** Pairs of two bands: any two of one file, so that more of them say little that is new. */
const bandCount = 8;
const hardCount = 24;
/** As in the registration bench: the same pairs are warped the same way. */
const seed = 1000;
const results = join(dirname(fileURLToPath(import.meta.url)), '../../results');

/** An aligned pair, and its place in the bench's order, which seeds how it is moved. */
type NumberedPair = StackPair & { readonly index: number };

async function* pairsOf(
  set: string,
  data: string,
  split: string,
  records: readonly PairRecord[],
  limit: number,
): AsyncGenerator<NumberedPair> {
  let index = 0;
  if (set === 'bands') {
    for await (const pair of bandPairs(data, split, Math.min(limit, bandCount))) yield { ...pair, index: index++ };
    return;
  }
  for (const record of records.filter((r) => r.set === set).slice(0, limit)) {
    yield { ...(await loadPair(data, record)), alignmentErrorPx: record.alignmentErrorPx, index: index++ };
  }
}

/** Errors at the check points beside what was predicted there; null where the registration was refused. */
function checkedPoints(pair: WarpedPair, result: TaskResult): CheckedPoint[] | null {
  if (result.verdict === 'refuse' || !result.found) return null;
  const { sensedToReference, covarianceAt } = result.model;
  return Array.from({ length: pair.checkPoints.length / 2 }, (_, i) => {
    const [x, y] = [pair.checkPoints[2 * i]!, pair.checkPoints[2 * i + 1]!];
    const [fx, fy] = transformPoint(sensedToReference, x, y);
    const [tx, ty] = transformPoint(pair.sensedToReference, x, y);
    return { error: [fx - tx, fy - ty], covariance: covarianceAt(x, y) };
  });
}

function errorOf(pair: WarpedPair, result: TaskResult): number {
  const found = result.found ? result.model.sensedToReference : null;
  return checkPointError(pair.sensedToReference, found, pair.checkPoints);
}

/** Verdicts on the pairs of a hard kind; what each came to is kept and said. */
async function judgeHardKind(
  { name, related }: Pick<HardKind, 'name' | 'related'>,
  pairs: AsyncIterable<WarpedPair>,
  register: (pair: WarpedPair) => Promise<TaskResult>,
  { kept, say }: { readonly kept: object[]; readonly say: (text: string) => void },
): Promise<HardRow> {
  const row = { set: name, n: 0, accepted: 0, warned: 0, right: 0 };
  for await (const pair of pairs) {
    const found = await register(pair);
    const error = related ? errorOf(pair, found) : Infinity;
    const { verdict } = found;
    row.n++;
    if (verdict !== 'refuse') row.accepted++;
    if (verdict === 'warn') row.warned++;
    if (verdict !== 'refuse' && error <= 3) row.right++;
    const errorPx = Number.isFinite(error) ? error : null;
    kept.push({ set: name, id: pair.id, verdict, errorPx, evidence: found.found ? found.evidence : null });
    say(`${name} ${pair.id}: ${verdict}, ${errorPx === null ? 'no error known' : `${errorPx.toFixed(2)} px`}`);
  }
  return row;
}

/**
 * Whether the errors that registrations predict are those that are measured, over every validation pair at each level, and what
 * the verdict says of kinds of pairs that are hard. The truth's own error (`alignmentErrorPx`, taken for the length of a circular
 * normal error, so that its deviation per axis is a √2th) is part of what is measured: rows state the figures as measured and
 * with it allowed for.
 */
export async function runTrustBench(options: TrustBenchOptions): Promise<readonly (TrustRow | HardRow | KindRow)[]> {
  if (options.kinds !== undefined) return runKindsBench(options, options.kinds);
  const { data = '../shared/data', split = 'val', limit = Infinity } = options;
  const records = await readPairs(data, split);
  const hardRecords = records.filter((record) => hardSets.includes(record.set));
  const engine = createEngine({ threads: 2 });
  const parts = options.methods?.includes('tiepoint-handmade') === true ? {} : { dlsm: await shippedDlsm() };
  const say = (text: string): void => {
    if (!options.json) console.error(text);
  };
  const checked: CheckedRegistration[] = [];
  const kept: object[] = [];
  const hard: HardRow[] = [];
  try {
    for (const set of sets) {
      for await (const aligned of pairsOf(set, data, split, records, limit)) {
        for (const level of levels.filter((name) => options.levels?.includes(name) ?? true)) {
          const pair = warpPair(aligned, level, seed + aligned.index);
          const found = await registerPair(engine, pair, 0, parts);
          const points = checkedPoints(pair, found);
          const { id, alignmentErrorPx: truthErrorPx } = aligned;
          const { verdict } = found;
          const { evidence, accuracy, model } = found.found ? found : { evidence: null, accuracy: null, model: null };
          const about = { set, level, id, verdict, truthErrorPx, evidence, accuracy };
          if (points === null || points.length === 0) {
            kept.push({ ...about, errorPx: errorOf(pair, found) });
            say(`${level} ${id}: ${verdict}`);
            continue;
          }
          const registration = { set, level, id, points, truthSd: truthErrorPx / Math.SQRT2 };
          checked.push(registration);
          const own = ownCalibration(registration);
          kept.push({ ...about, model: model?.sensedToReference.model, errorPx: errorOf(pair, found), ...own });
          say(
            `${level} ${id}: ${verdict}, predicted ${own.predictedSd.toFixed(2)}, measured ${own.measuredSd.toFixed(2)} px`,
          );
        }
      }
    }
    for (const kind of hardKinds) {
      const pairs = kind.pairs(data, hardRecords, Math.min(limit, hardCount), seed);
      hard.push(await judgeHardKind(kind, pairs, (pair) => registerPair(engine, pair, 0, parts), { kept, say }));
    }
  } finally {
    await engine.dispose();
  }
  if (options.save) await keep(kept, checked, { ...options, split });
  const rows = sets
    .map((set) =>
      calibrationOf(
        set,
        checked.filter((registration) => registration.set === set),
      ),
    )
    .filter(({ n }) => n > 0);
  return [...rows, ...hard];
}

/** What pairs of kinds came to in runs that were kept. */
async function storedKinds(file: string): Promise<readonly KindResult[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as KindResult);
}

/** Verdicts by kind. Where that is asked for, what each pair came to is kept as soon as it is there, and what was kept is not done again. */
async function runKindsBench(options: TrustBenchOptions, names: readonly string[]): Promise<readonly KindRow[]> {
  const { data = '../shared/data', split = 'val', limit } = options;
  const say = (text: string): void => {
    if (!options.json) console.error(text);
  };
  const file = join(results, `trust-${split}-kinds.jsonl`);
  const done = options.save === true ? await storedKinds(file) : [];
  const keep = async (result: KindResult): Promise<void> => {
    if (options.save === true) await appendFile(file, `${JSON.stringify(result)}\n`);
  };
  const all = await runKinds({ data, split, limit, names, say, done, keep });
  return [...new Set(all.map(({ kind }) => kind))].map((kind) =>
    kindRow(
      kind,
      all.filter((one) => one.kind === kind),
    ),
  );
}

async function keep(
  kept: readonly object[],
  checked: readonly CheckedRegistration[],
  { split, methods = [], limit }: TrustBenchOptions & { readonly split: string },
): Promise<void> {
  const name = ['trust', split, ...methods, ...(limit === undefined ? [] : [`limit${limit}`])].join('-');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `${name}-registrations.jsonl`), `${kept.map((r) => JSON.stringify(r)).join('\n')}\n`);
  const points = checked.map((registration) => ({ set: registration.set, ...ownCalibration(registration) }));
  const plot = drawTrustPlot(points, `${checked.length} accepted registrations, ${[split, ...methods].join(', ')}`);
  await writeFile(join(results, `${name}.svg`), plot);
}
