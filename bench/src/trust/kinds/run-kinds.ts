import { createEngine } from '@tiepoint/matching';
import { shippedDlsm, shippedKeypointNetworks, type TaskResult } from 'tiepoint';
import { readPairs } from '../../registration/dataset.js';
import { checkPointError } from '../../registration/known-warp.js';
import { registerPair } from '../../registration/tiepoint-method.js';
import { type KindPair, kinds } from './kinds.js';

/** Verdicts on pairs of a kind: counts; right is a median error of 5 px or less. */
export interface KindRow {
  readonly kind: string;
  readonly n: number;
  readonly acceptedRight: number;
  readonly acceptedWrong: number;
  readonly warnedRight: number;
  readonly warnedWrong: number;
  readonly refused: number;
}

/** What one pair came to. */
export interface KindResult {
  readonly kind: string;
  /** Which pair of how many of its kind, from 0: what it was made of and how it was moved depend on both. */
  readonly index: number;
  readonly of: number;
  readonly id: string;
  readonly verdict: TaskResult['verdict'];
  readonly errorPx: number | null;
  readonly seconds: number;
  readonly detail: unknown;
}

/** Median error that is still right, px of the reference. */
const rightWithin = 5;
/** What the kinds are made of. */
const sets = ['infrared', 's1s2', 'metre-sar'];
/** Pairs of each kind. */
const usualCount = 20;
const seed = 1000;

/** What the command line hands over. */
export interface KindOptions {
  readonly data: string;
  readonly split: string;
  readonly limit?: number | undefined;
  /** Names of kinds, or `all`. */
  readonly names: readonly string[];
  readonly say: (text: string) => void;
  /** What pairs came to in an earlier run: these are not registered again. */
  readonly done: readonly KindResult[];
  /** Called with each result as it is there. */
  readonly keep: (result: KindResult) => Promise<void>;
}

function errorOf(pair: KindPair, result: TaskResult): number {
  const found = result.found ? result.model.sensedToReference : null;
  const errors = (pair.parts ?? [pair]).map(({ sensedToReference, checkPoints }) =>
    checkPointError(sensedToReference, found, checkPoints),
  );
  return Math.max(...errors);
}

/** Counts what a kind's pairs came to. */
export function kindRow(kind: string, results: readonly KindResult[]): KindRow {
  const count = (verdict: KindResult['verdict'], right: boolean): number =>
    results.filter((one) => one.verdict === verdict && (one.errorPx !== null && one.errorPx <= rightWithin) === right)
      .length;
  return {
    kind,
    n: results.length,
    acceptedRight: count('accept', true),
    acceptedWrong: count('accept', false),
    warnedRight: count('warn', true),
    warnedWrong: count('warn', false),
    refused: results.filter(({ verdict }) => verdict === 'refuse').length,
  };
}

/** Registers the pairs of kinds on which verdicts err easily. @returns what each pair came to, those of `done` included */
export async function runKinds({
  data,
  split,
  limit = usualCount,
  names,
  say,
  done,
  keep,
}: KindOptions): Promise<readonly KindResult[]> {
  const records = (await readPairs(data, split)).filter((record) => sets.includes(record.set));
  const chosen = names.includes('all') ? kinds : kinds.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => name !== 'all' && !kinds.some((kind) => kind.name === name));
  if (unknown.length > 0)
    throw new Error(`unknown kinds ${unknown.join(', ')}; there are ${kinds.map(({ name }) => name).join(', ')}`);
  const parts = { dlsm: await shippedDlsm(), keypoints: shippedKeypointNetworks };
  await using engine = createEngine({ threads: 2 });
  const all: KindResult[] = [];
  for (const { name: kind, related, pairs } of chosen) {
    let index = -1;
    for await (const pair of pairs({ data, records, count: limit, seed })) {
      index++;
      const before = done.find((one) => one.kind === kind && one.index === index && one.of === limit);
      if (before !== undefined) {
        all.push(before);
        continue;
      }
      const begin = performance.now();
      const result = await registerPair(engine, pair, 0, parts);
      const error = related ? errorOf(pair, result) : Infinity;
      const detail = result.found
        ? { method: result.method, evidence: result.evidence, accuracy: result.accuracy, findings: result.findings }
        : { method: result.method, findings: result.findings };
      const errorPx = Number.isFinite(error) ? error : null;
      const seconds = (performance.now() - begin) / 1000;
      const one = { kind, index, of: limit, id: pair.id, verdict: result.verdict, errorPx, seconds, detail };
      all.push(one);
      await keep(one);
      const codes = result.findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
      say(
        `${kind} ${pair.id}: ${result.verdict}, ${errorPx === null ? 'no error known' : `${errorPx.toFixed(2)} px`}, ${result.method}, ${codes.join(' ')}`,
      );
    }
    const row = kindRow(
      kind,
      all.filter((one) => one.kind === kind),
    );
    say(JSON.stringify(row));
  }
  return all;
}
