import { createPairChooser, type TrainingPair } from '@tiepoint/training';
import { drawSearchFields, type SearchFields } from '@tiepoint/training/evaluation';
import { createRandom, type Random } from 'onnx-grad';
import type { SimilarityMeasure } from '../measure.js';
import type { LocalisationError } from './errors.js';
import { type Found, quadraticPeak } from './quadratic-peak.js';

/** True shifts and offsets looked at, px (Uss 2020, §4.4). */
const searchReach = { shift: 3, radius: 5 } as const;
/** Fields in memory at once. */
const chunkSize = 4;

/** What a measure found in each field, in the order of the fields. */
export interface LocalisationResult {
  readonly method: string;
  readonly set: string;
  readonly errors: readonly LocalisationError[];
}

/** A way to find templates, by the name of its rows. */
interface Localiser {
  readonly name: string;
  readonly localise: (fields: SearchFields) => Promise<readonly Found[]>;
}

/** The ways a measure has: its own or by the top of its scores, and others as `NAME-STRATEGY`. */
function localisersOf(measure: SimilarityMeasure): readonly Localiser[] {
  const { name, localise, strategies = {} } = measure;
  const byPeak = async ({ pairs, count, side }: SearchFields): Promise<readonly Found[]> => {
    const scores = await measure.score(pairs, count * side * side);
    return Array.from({ length: count }, (_, index) => quadraticPeak(scores, index, side));
  };
  return [
    { name, localise: localise ?? byPeak },
    ...Object.entries(strategies).map(([strategy, by]) => ({ name: `${name}-${strategy}`, localise: by })),
  ];
}

/** Draws `count` fields of a set in portions, the same for the same seed. */
export function* searchFields(
  pairs: readonly TrainingPair[],
  count: number,
  seed: number,
  shift: number = searchReach.shift,
): Generator<SearchFields, void, undefined> {
  const chooser = createPairChooser(pairs);
  const random: Random = createRandom(seed);
  for (let start = 0; start < count; start += chunkSize) {
    yield drawSearchFields(chooser, Math.min(chunkSize, count - start), random, { ...searchReach, shift });
  }
}

/** Localises the same templates of a set with every measure, in each of its ways. */
export async function localiseSet(
  measures: readonly SimilarityMeasure[],
  set: string,
  pairs: readonly TrainingPair[],
  count: number,
  seed: number,
): Promise<readonly LocalisationResult[]> {
  const localisers = measures.flatMap(localisersOf);
  const errors = localisers.map((): LocalisationError[] => []);
  for (const fields of searchFields(pairs, count, seed)) {
    for (const [m, { localise }] of localisers.entries()) {
      for (const [i, found] of (await localise(fields)).entries()) {
        const [tx, ty] = [fields.truth[2 * i]!, fields.truth[2 * i + 1]!];
        errors[m]!.push({ ...found, dx: found.x - tx, dy: found.y - ty });
      }
    }
  }
  return localisers.map(({ name }, m) => ({ method: name, set, errors: errors[m]! }));
}
