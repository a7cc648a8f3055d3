import { median } from '@tiepoint/geometry';
import { comparePatches, type Comparisons, type Dlsm, type Engine, patchSide } from '@tiepoint/matching';
import { createRandom } from 'onnx-grad';
import type { TrainingPair } from '../data/training-pairs.js';
import { noAugmentation } from '../sampling/augment.js';
import { createPairChooser } from '../sampling/choose-pair.js';
import { drawTriplets, patchesPerTriplet, type TripletBatch } from '../sampling/triplets.js';
import { areaUnderCurve } from './area-under-curve.js';

const patchArea = patchSide * patchSide;

/** Fixed patches of one set of pairs. */
export interface ValidationSet {
  readonly set: string;
  readonly count: number;
  /** The first positive is at its true place, the second up to 2.5 px from it. */
  readonly triplets: TripletBatch;
}

/** How a network does on a set. */
export interface ValidationRow {
  readonly set: string;
  /** Triplets: each a pair of the same ground and one of different ground. */
  readonly n: number;
  /** Area under the ROC curve, 0 to 1. */
  readonly auc: number;
  /** Robust SD (1.48 MAD) of the predicted shift's error, px, of the 35 % of pairs with the smallest predicted error. */
  readonly robustSd: number;
  /** Root mean square of their errors over the predicted deviations: 1 where the prediction is right. */
  readonly normalisedSd: number;
}

/** Draws the same patches of each set every time; `merge` counts the pairs of a set among those of another. */
export function drawValidationSets(
  pairs: readonly TrainingPair[],
  count: number,
  merge: Readonly<Record<string, string>> = {},
): readonly ValidationSet[] {
  const sets = new Map<string, TrainingPair[]>();
  for (const pair of pairs) {
    const set = merge[pair.set] ?? pair.set;
    sets.set(set, [...(sets.get(set) ?? []), { ...pair, set }]);
  }
  return [...sets].map(([set, members]) => ({
    set,
    count,
    triplets: drawTriplets(createPairChooser(members), count, createRandom(7), {
      augmentation: noAugmentation,
      shifts: [0, 2.5],
    }),
  }));
}

/** Compares the template of each triplet with its patch number `other`: 1 and 2 the same ground, 3 other ground. */
export function compareTriplets(
  engine: Engine,
  dlsm: Dlsm,
  { count, triplets }: ValidationSet,
  other: 1 | 2 | 3,
): Promise<Comparisons> {
  const { patches } = triplets;
  return comparePatches(engine, dlsm, count, (from, to, out) => {
    for (let i = from; i < to; i++) {
      const base = i * patchesPerTriplet * patchArea;
      const at = (i - from) * 2 * patchArea;
      out.set(patches.subarray(base, base + patchArea), at);
      out.set(patches.subarray(base + other * patchArea, base + (other + 1) * patchArea), at + patchArea);
    }
  });
}

/** Scores a network on fixed patches. */
export async function validateDlsm(
  engine: Engine,
  dlsm: Dlsm,
  sets: readonly ValidationSet[],
): Promise<readonly ValidationRow[]> {
  const rows: ValidationRow[] = [];
  for (const set of sets) {
    const same = await compareTriplets(engine, dlsm, set, 1);
    const shifted = await compareTriplets(engine, dlsm, set, 2);
    const other = await compareTriplets(engine, dlsm, set, 3);
    const similarity = ({ logArea }: Comparisons): Float32Array => logArea.map((v) => -v);
    const order = Array.from(shifted.logArea.keys()).toSorted((a, b) => shifted.logArea[a]! - shifted.logArea[b]!);
    const best = order.slice(0, Math.round(0.35 * set.count));
    const errors: number[] = [];
    let squares = 0;
    for (const i of best) {
      const ex = shifted.dx[i]! - set.triplets.shifts[4 * i + 2]!;
      const ey = shifted.dy[i]! - set.triplets.shifts[4 * i + 3]!;
      errors.push(ex, ey);
      squares += (ex / shifted.sigmaX[i]!) ** 2 + (ey / shifted.sigmaY[i]!) ** 2;
    }
    const middle = median(errors);
    rows.push({
      set: set.set,
      n: set.count,
      auc: areaUnderCurve(similarity(same), similarity(other)),
      robustSd: 1.48 * median(errors.map((e) => Math.abs(e - middle))),
      normalisedSd: Math.sqrt(squares / errors.length),
    });
  }
  return rows;
}
