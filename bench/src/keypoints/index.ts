import { loadPair, readPairs } from '../registration/dataset.js';
import { d2Method } from './d2.js';
import type { KeypointMethod, KeypointMethodFactory, Prediction } from './method.js';
import type { Truth } from './metrics.js';
import { r2d2Method } from './r2d2.js';
import { riftMethod } from './rift.js';
import { type Metric, type PairScore, scorePrediction } from './score.js';
import { siftMethod } from './sift.js';
import { superPointMethod } from './superpoint.js';
import { tiepointMethod } from './tiepoint.js';
import { warpProjectively } from './warped-pair.js';

/** What the command line hands over. */
export interface KeypointsBenchOptions {
  readonly data?: string;
  readonly split?: string;
  /** Pairs of each folder at most. */
  readonly limit?: number;
  readonly methods?: readonly string[];
  /** Folder of weights of published networks; default `../shared/peers`. */
  readonly peers?: string;
  /** Folder of `detector.safetensors` and `matcher.safetensors`. */
  readonly weights?: string;
  readonly json: boolean;
}

/** A line of the bench's table: a mean over the pairs of a set. */
export interface KeypointsRow {
  readonly method: string;
  /** `sar` is s1s2 and metre-sar together, pair by pair; `mean` the mean of the two sets. */
  readonly set: 'sar' | 'infrared' | 'mean';
  readonly metric: Metric;
  readonly value: number;
  /** Pairs the value rests on. */
  readonly n: number;
  /** Pairs without a value: nothing was matched, or nothing could be. */
  readonly undefinedPairs: number;
}

const factories: Readonly<Record<string, KeypointMethodFactory>> = {
  tiepoint: tiepointMethod,
  sift: siftMethod,
  rift: riftMethod,
  r2d2: r2d2Method,
  superpoint: superPointMethod,
  'd2-net': d2Method,
};

const setOfFolder: Readonly<Record<string, 'sar' | 'infrared'>> = {
  s1s2: 'sar',
  'metre-sar': 'sar',
  infrared: 'infrared',
};
/** Keypoints of each image at most. */
const keypoints = 500;
const seed = 2000;

/** A prediction with all it takes to score it. */
interface Exported {
  readonly method: string;
  readonly set: 'sar' | 'infrared';
  readonly prediction: Prediction;
  readonly truth: Truth;
}

async function openMethods(options: KeypointsBenchOptions): Promise<KeypointMethod[]> {
  const { peers = '../shared/peers', weights } = options;
  const open: KeypointMethod[] = [];
  for (const name of options.methods ?? Object.keys(factories)) {
    const factory = factories[name];
    if (factory === undefined)
      throw new Error(`unknown method ${name}; there are ${Object.keys(factories).join(', ')}`);
    const method = await factory({ peers, ...(weights === undefined ? {} : { weights }) });
    if ('absent' in method) console.error(`${name} left out: ${method.absent}`);
    else open.push(method);
  }
  return open;
}

/** First pass: what each method says of each pair. */
async function exportPredictions(options: KeypointsBenchOptions): Promise<Exported[]> {
  const { data = '../shared/data', split = 'val', limit = Infinity } = options;
  const records = (await readPairs(data, split)).filter((record) => record.set in setOfFolder);
  const methods = await openMethods(options);
  const exported: Exported[] = [];
  try {
    for (const [folder, set] of Object.entries(setOfFolder)) {
      for (const [i, record] of records.filter((r) => r.set === folder).entries()) {
        if (i >= limit) break;
        const pair = warpProjectively(await loadPair(data, record), seed + i);
        for (const method of methods) {
          const prediction = await method.predict(pair.reference, pair.sensed, keypoints);
          exported.push({ method: method.name, set, prediction, truth: pair.truth });
          if (!options.json) console.error(`${pair.id} ${method.name}: ${prediction.seconds.toFixed(2)} s`);
        }
      }
    }
  } finally {
    for (const method of methods) await method.close();
  }
  return exported;
}

function rowOf(method: string, set: KeypointsRow['set'], metric: Metric, scores: readonly PairScore[]): KeypointsRow {
  const values = scores.flatMap((score) => score[metric] ?? []);
  const value = values.length === 0 ? Number.NaN : values.reduce((sum, v) => sum + v, 0) / values.length;
  return { method, set, metric, value, n: scores.length, undefinedPairs: scores.length - values.length };
}

/** Detects and matches keypoints of warped validation pairs by each method, then scores what was predicted. */
export async function runKeypointsBench(options: KeypointsBenchOptions): Promise<KeypointsRow[]> {
  const exported = await exportPredictions(options);
  const scored = exported.map(({ method, set, prediction, truth }) => ({
    method,
    set,
    score: scorePrediction(prediction, truth),
  }));
  const rows: KeypointsRow[] = [];
  for (const method of new Set(scored.map((s) => s.method))) {
    for (const metric of Object.keys(scored[0]!.score) as Metric[]) {
      const bySet = (['sar', 'infrared'] as const).flatMap((set) => {
        const scores = scored.filter((s) => s.method === method && s.set === set).map((s) => s.score);
        return scores.length === 0 ? [] : [rowOf(method, set, metric, scores)];
      });
      const sum = (of: (row: KeypointsRow) => number): number => bySet.reduce((total, row) => total + of(row), 0);
      rows.push(...bySet, {
        method,
        set: 'mean',
        metric,
        value: sum((row) => row.value) / bySet.length,
        n: sum((row) => row.n),
        undefinedPairs: sum((row) => row.undefinedPairs),
      });
    }
  }
  return rows;
}
