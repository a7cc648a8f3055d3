import { loadPair, readPairs } from '../registration/dataset.js';
import type { KeypointMethod, Prediction } from './method.js';
import { predictionOf } from './predictions.js';
import { type Metric, type PairScore, scorePrediction } from './score.js';
import { type ProjectivePair, warpProjectively } from './warped-pair.js';

/** Sets that figures are given for: `sar` is s1s2 and metre-sar together. */
export type SetName = 'sar' | 'infrared';

const setOfFolder: Readonly<Record<string, SetName>> = { s1s2: 'sar', 'metre-sar': 'sar', infrared: 'infrared' };
/** Keypoints of each image at most. */
const keypoints = 500;
const seed = 2000;

/** On which pairs methods are compared, and what is kept. */
export interface EvaluationOptions {
  readonly data: string;
  readonly split: string;
  /** Pairs of each folder at most. */
  readonly limit: number;
  readonly sets?: readonly SetName[] | undefined;
  /** Folder of predictions made before, and those to be made; kept nowhere unless given. */
  readonly predictions?: string | undefined;
  /** Told of each prediction. */
  readonly onPrediction?: ((pair: ProjectivePair, method: string, prediction: Prediction) => Promise<void>) | undefined;
}

/** A method's score on a pair. */
export interface ScoredPair {
  readonly method: string;
  readonly set: SetName;
  /** The set's own name in the data, as `s1s2`. */
  readonly folder: string;
  readonly pair: string;
  readonly score: PairScore;
}

/** The warped pairs of a split, folder by folder. */
async function* warpedPairs(options: EvaluationOptions): AsyncGenerator<{ pair: ProjectivePair; set: SetName }> {
  const { data, split, limit, sets } = options;
  const records = await readPairs(data, split);
  for (const [folder, set] of Object.entries(setOfFolder)) {
    if (sets?.includes(set) === false) continue;
    for (const [i, record] of records.filter((r) => r.set === folder).entries()) {
      if (i >= limit) break;
      yield { pair: warpProjectively(await loadPair(data, record), seed + i), set };
    }
  }
}

/** Lets each method predict each pair, or reads what it predicted before, and scores it. Closes the methods. */
export async function evaluate(
  methods: readonly KeypointMethod[],
  options: EvaluationOptions,
): Promise<readonly ScoredPair[]> {
  const scored: ScoredPair[] = [];
  try {
    for await (const { pair, set } of warpedPairs(options)) {
      for (const method of methods) {
        const prediction = await predictionOf(method, pair, keypoints, options.predictions);
        await options.onPrediction?.(pair, method.name, prediction);
        const score = scorePrediction(prediction, pair.truth);
        scored.push({ method: method.name, set, folder: pair.set, pair: `${pair.set} ${pair.id}`, score });
      }
    }
  } finally {
    for (const method of methods) await method.close();
  }
  return scored;
}

/** The mean of a metric over pairs, and how many of them have none. */
export function meanOf(
  scored: readonly ScoredPair[],
  metric: Metric,
): { readonly value: number; readonly n: number; readonly undefinedPairs: number } {
  const values = scored.flatMap(({ score }) => score[metric] ?? []);
  const value = values.length === 0 ? Number.NaN : values.reduce((sum, v) => sum + v, 0) / values.length;
  return { value, n: scored.length, undefinedPairs: scored.length - values.length };
}
