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

async function localise(measure: SimilarityMeasure, { pairs, count, side }: SearchFields): Promise<readonly Found[]> {
  if (measure.localise) return await measure.localise(pairs, count, side);
  const scores = await measure.score(pairs, count * side * side);
  return Array.from({ length: count }, (_, index) => quadraticPeak(scores, index, side));
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

/** Localises the same templates of a set with every measure. */
export async function localiseSet(
  measures: readonly SimilarityMeasure[],
  set: string,
  pairs: readonly TrainingPair[],
  count: number,
  seed: number,
): Promise<readonly LocalisationResult[]> {
  const errors = measures.map((): LocalisationError[] => []);
  for (const fields of searchFields(pairs, count, seed)) {
    for (const [m, measure] of measures.entries()) {
      for (const [i, found] of (await localise(measure, fields)).entries()) {
        const [tx, ty] = [fields.truth[2 * i]!, fields.truth[2 * i + 1]!];
        errors[m]!.push({ ...found, dx: found.x - tx, dy: found.y - ty });
      }
    }
  }
  return measures.map(({ name }, m) => ({ method: name, set, errors: errors[m]! }));
}
