import { evaluate, type EvaluationOptions, meanOf, type ScoredPair, type SetName } from './evaluate.js';
import { openMethods } from './methods.js';
import { drawPrediction } from './pictures.js';
import type { Metric } from './score.js';
import { studies, type StudyRow } from './studies/index.js';

/** What the command line hands over. */
export interface KeypointsBenchOptions {
  readonly data?: string | undefined;
  readonly split?: string | undefined;
  /** Pairs of each folder at most. */
  readonly limit?: number | undefined;
  readonly methods?: readonly string[] | undefined;
  /** Folder of weights of published networks; default `../shared/peers`. */
  readonly peers?: string | undefined;
  /** Folder of `detector.safetensors` and `matcher.safetensors`; studies put what they train there too. */
  readonly weights?: string | undefined;
  /** A table or figure of the paper in place of the means over all pairs. */
  readonly study?: string | undefined;
  /** Steps that studies train each network for. */
  readonly steps?: number | undefined;
  /** Folder of predictions: those found there are scored, the others made and put there. */
  readonly predictions?: string | undefined;
  /** Folder for pictures and charts. */
  readonly figures?: string | undefined;
  readonly json: boolean;
}

/** A line of the bench's table: a mean over the pairs of a set. */
export interface KeypointsRow {
  readonly method: string;
  /** `sar` is s1s2 and metre-sar together, pair by pair, which also stand by themselves; `mean` the mean of sar and infrared. */
  readonly set: SetName | (typeof singleSets)[number] | 'mean';
  readonly metric: Metric;
  readonly value: number;
  /** Pairs the value rests on. */
  readonly n: number;
  /** Pairs without a value: nothing was matched, or nothing could be. */
  readonly undefinedPairs: number;
}

/** What `sar` consists of. */
const singleSets = ['s1s2', 'metre-sar'] as const;

const metrics: readonly Metric[] = [
  'repeatability',
  'chance',
  'repeatability125',
  'chance125',
  'gain125',
  'nnMap',
  'mma2',
  'mma3',
  'mma4',
  'mma5',
  'mma6',
  'matchScore',
  'rmse',
  'seconds',
];
/** Pictures are drawn of so many pairs of each folder. */
const drawnPairs = 2;

function rowsOf(scored: readonly ScoredPair[]): KeypointsRow[] {
  const methods = [...new Set(scored.map(({ method }) => method))];
  return methods.flatMap((method) =>
    metrics.flatMap((metric): KeypointsRow[] => {
      const rowOf = (set: KeypointsRow['set'], of: (pair: ScoredPair) => boolean): KeypointsRow[] => {
        const ofSet = scored.filter((s) => s.method === method && of(s));
        return ofSet.length === 0 ? [] : [{ method, set, metric, ...meanOf(ofSet, metric) }];
      };
      const bySet = (['sar', 'infrared'] as const).flatMap((set) => rowOf(set, (s) => s.set === set));
      const single = singleSets.flatMap((set) => rowOf(set, (s) => s.folder === set));
      const sum = (of: (row: KeypointsRow) => number): number => bySet.reduce((total, row) => total + of(row), 0);
      const [n, undefinedPairs] = [sum((row) => row.n), sum((row) => row.undefinedPairs)];
      return [
        ...bySet,
        ...single,
        { method, set: 'mean', metric, value: sum((row) => row.value) / bySet.length, n, undefinedPairs },
      ];
    }),
  );
}

/**
 * Detects and matches keypoints of warped validation pairs by each method and scores what was predicted, or makes a table or figure
 * of Li, Han and Ye 2022.
 */
export async function runKeypointsBench(options: KeypointsBenchOptions): Promise<readonly (KeypointsRow | StudyRow)[]> {
  const { data = '../shared/data', split = 'val', limit = Infinity, peers = '../shared/peers', weights } = options;
  const { predictions, figures } = options;
  const drawn = new Map<string, number>();
  const evaluation: EvaluationOptions = {
    data,
    split,
    limit,
    predictions,
    async onPrediction(pair, method, prediction) {
      if (!options.json) console.error(`${pair.set} ${pair.id} ${method}: ${prediction.seconds.toFixed(2)} s`);
      const before = drawn.get(`${pair.set} ${method}`) ?? 0;
      drawn.set(`${pair.set} ${method}`, before + 1);
      if (figures !== undefined && before < drawnPairs) await drawPrediction(figures, pair, method, prediction);
    },
  };
  const places = { peers, weights };
  if (options.study !== undefined) {
    const study = studies[options.study];
    if (study === undefined)
      throw new Error(`unknown study ${options.study}; there are ${Object.keys(studies).join(', ')}`);
    return await study({ ...options, evaluation, places });
  }
  return rowsOf(await evaluate(await openMethods(options.methods, places), evaluation));
}
