import type { Random } from 'onnx-grad';
import type { TrainingPair } from '../data/training-pairs.js';

/** How often each set is drawn, relative to the others; sets without a weight are drawn with weight 1. */
export type SetWeights = Readonly<Record<string, number>>;

/** Draws pairs: a set by its weight, then a pair of it by its area. */
export interface PairChooser {
  readonly sets: readonly string[];
  choose(random: Random): TrainingPair;
  /** A pair of the set, by area. */
  chooseIn(set: string, random: Random): TrainingPair;
}

function cumulative(weights: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(weights, (w) => (sum += w));
}

function draw(random: Random, sums: Float64Array): number {
  const at = random.uniform() * sums.at(-1)!;
  const found = sums.findIndex((sum) => at < sum);
  return found < 0 ? sums.length - 1 : found;
}

/** Prepares drawing from the pairs. */
export function createPairChooser(pairs: readonly TrainingPair[], weights: SetWeights = {}): PairChooser {
  const bySet = new Map<string, TrainingPair[]>();
  for (const pair of pairs) bySet.set(pair.set, [...(bySet.get(pair.set) ?? []), pair]);
  const sets = [...bySet.keys()].filter((set) => (weights[set] ?? 1) > 0);
  const setSums = cumulative(sets.map((set) => weights[set] ?? 1));
  const inSet = new Map(
    sets.map((set) => {
      const members = bySet.get(set)!;
      return [set, { members, sums: cumulative(members.map(({ reference: r }) => r.width * r.height)) }] as const;
    }),
  );
  const chooseIn = (set: string, random: Random): TrainingPair => {
    const { members, sums } = inSet.get(set)!;
    return members[draw(random, sums)]!;
  };
  return { sets, chooseIn, choose: (random) => chooseIn(sets[draw(random, setSums)]!, random) };
}
