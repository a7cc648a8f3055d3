import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { akazeRival } from './akaze-rival.js';
import { loadPair, readPairs } from './dataset.js';
import { checkPointError, levels, type WarpedPair, warpPair } from './known-warp.js';
import type { Answer, Method, MethodFactory } from './method.js';
import { pythonRival } from './python-rival.js';
import { riftMethod } from './rift-method.js';
import { type PairResult, type RegistrationRow, summarise } from './summary.js';
import {
  tiepointHandMadeMethod,
  tiepointFeatureMethods,
  tiepointKeypointsMethod,
  tiepointMethod,
  uss2020Method,
} from './tiepoint-method.js';
import { unrelatedPairs } from './unrelated.js';

/** What the command line hands over. */
export interface RegistrationBenchOptions {
  readonly data?: string | undefined;
  readonly split?: string | undefined;
  /** Pairs of each set, and unrelated pairs, at most. */
  readonly limit?: number | undefined;
  readonly methods?: readonly string[] | undefined;
  /** Of shift, small, any and unrelated; all unless named. */
  readonly levels?: readonly string[] | undefined;
  readonly json: boolean;
  /** Keep per-pair results under bench/results. */
  readonly save?: boolean | undefined;
}

const factories: Readonly<Record<string, MethodFactory>> = {
  tiepoint: tiepointMethod,
  'tiepoint-keypoints': tiepointKeypointsMethod,
  'tiepoint-handmade': tiepointHandMadeMethod,
  ...tiepointFeatureMethods,
  uss2020: uss2020Method,
  rift: riftMethod,
  sift: pythonRival('sift'),
  akaze: akazeRival,
  'elastix-mi': pythonRival('elastix-mi'),
};

/** What the README's table is of; of data without any of them, such as `npm run bench-data` makes, all sets are. */
const usualSets = ['infrared', 's1s2', 'metre-sar'];
const unrelatedCount = 500;
const seed = 1000;
const results = join(dirname(fileURLToPath(import.meta.url)), '../../results');

async function openMethods(names: readonly string[]): Promise<Method[]> {
  const open: Method[] = [];
  for (const name of names) {
    const factory = factories[name];
    if (factory === undefined)
      throw new Error(`unknown method ${name}; there are ${Object.keys(factories).join(', ')}`);
    const method = await factory();
    if ('absent' in method) console.error(`${name} left out: ${method.absent}`);
    else open.push(method);
  }
  return open;
}

function resultOf(method: Method, level: PairResult['level'], pair: WarpedPair, answer: Answer): PairResult {
  const error =
    level === 'unrelated' ? null : checkPointError(pair.sensedToReference, answer.sensedToReference, pair.checkPoints);
  return {
    method: method.name,
    set: pair.set,
    level,
    id: pair.id,
    errorPx: error !== null && Number.isFinite(error) ? error : null,
    accepted: answer.accepted,
    seconds: answer.seconds,
    ...(answer.detail === undefined ? {} : { detail: answer.detail }),
  };
}

/** Registers every validation pair at each level, and unrelated pairs, with each method in turn; keeps the per-pair results. */
export async function runRegistrationBench(options: RegistrationBenchOptions): Promise<RegistrationRow[]> {
  const { data = '../shared/data', split = 'val', limit = Infinity } = options;
  const pairs = await readPairs(data, split);
  const usual = usualSets.filter((set) => pairs.some((pair) => pair.set === set));
  const sets = usual.length > 0 ? usual : [...new Set(pairs.map(({ set }) => set))];
  const records = pairs.filter((record) => sets.includes(record.set));
  const methods = await openMethods(options.methods ?? Object.keys(factories));
  const wanted = (level: string): boolean => options.levels?.includes(level) ?? true;
  const all: PairResult[] = [];
  const runAll = async (level: PairResult['level'], pair: WarpedPair): Promise<void> => {
    for (const method of methods) {
      const result = resultOf(method, level, pair, await method.run(pair, 0));
      all.push(result);
      if (!options.json) {
        const shown = result.errorPx === null ? 'none' : `${result.errorPx.toFixed(2)} px`;
        const verdict = result.accepted ? 'accepted' : 'refused';
        console.error(`${level} ${pair.id} ${method.name}: ${shown}, ${verdict}, ${result.seconds.toFixed(2)} s`);
      }
    }
  };
  try {
    for (const set of sets) {
      const ofSet = records.filter((record) => record.set === set);
      for (const [i, record] of ofSet.entries()) {
        if (i >= limit) break;
        const pair = await loadPair(data, record);
        for (const level of levels.filter(wanted)) await runAll(level, warpPair(pair, level, seed + i));
      }
    }
    const count = wanted('unrelated') ? Math.min(unrelatedCount, limit) : 0;
    for await (const pair of unrelatedPairs(data, records, count, seed)) {
      await runAll('unrelated', pair);
    }
  } finally {
    for (const method of methods) await method.close();
  }
  if (options.save) {
    await mkdir(results, { recursive: true });
    const parts = ['registration', split, 'pairs', ...(options.methods ?? []), ...(options.levels ?? [])];
    if (Number.isFinite(limit)) parts.push(`limit${limit}`);
    const name = `${parts.join('-')}.jsonl`;
    await writeFile(join(results, name), `${all.map((r) => JSON.stringify(r)).join('\n')}\n`);
  }
  return summarise(
    all,
    methods.map((method) => method.name),
  );
}
