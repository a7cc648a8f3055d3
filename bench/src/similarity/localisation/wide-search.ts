import { median, applyTransform, jacobianAt } from '@tiepoint/geometry';
import { type Dlsm, type DlsmPlace, dlsmPlaces, type Engine, localisePatches, spreadOf } from '@tiepoint/matching';
import { toPlane, type TrainingPair } from '@tiepoint/training';
import { createRandom } from 'onnx-grad';

/** How fast and how well tie points are found whose place is known to a few px only. */
export interface WideSearchRow {
  readonly method: string;
  readonly set: string;
  /** Tie points, and how far each lies from where it is expected, px in each direction at most. */
  readonly points: number;
  readonly reach: number;
  /** Median over the repetitions: cutting patches and all. */
  readonly seconds: number;
  /** Comparisons of patches a second. */
  readonly pairsPerSecond: number;
  /** Share found within 2 px of the truth, and that of the half whose predicted error is smaller. */
  readonly found: number;
  readonly foundOfBetterHalf: number;
}

const reachPx = 8;
/** Comparisons a point at least: a coarse grid of 4 × 4 and one where that says the match is. */
const comparisonsPerPatch = 17;
const repetitionCount = 5;
const withinPx = 2;

/** Tie points of one pair of images, each expected elsewhere than it is. */
interface Scattered {
  readonly places: readonly DlsmPlace[];
  readonly spread: readonly [number, number];
  readonly truth: TrainingPair['referenceToSensed'];
}

function scatter(pairs: readonly TrainingPair[], count: number): Scattered[] {
  const random = createRandom(5);
  const off = (): number => reachPx * (2 * random.uniform() - 1);
  const all: Scattered[] = [];
  let left = count;
  for (const pair of pairs) {
    const [reference, sensed] = [toPlane(pair.reference), toPlane(pair.sensed)];
    const truth = pair.referenceToSensed;
    const found = dlsmPlaces(reference, sensed, truth, 24).slice(0, left);
    const places = found.map((place): DlsmPlace => ({ ...place, ahead: [off(), off()] }));
    all.push({ places, spread: [spreadOf(reference), spreadOf(sensed)], truth });
    left -= places.length;
    if (left === 0) break;
  }
  return all;
}

/** Localises `count` tie points of a set that lie up to 8 px from where they are expected. */
export async function searchWidely(
  engine: Engine,
  method: string,
  dlsm: Dlsm,
  set: string,
  pairs: readonly TrainingPair[],
  count = 500,
): Promise<WideSearchRow> {
  const scattered = scatter(pairs, count);
  const seconds: number[] = [];
  let errors: { readonly error: number; readonly deviation: number }[] = [];
  for (let repetition = 0; repetition < repetitionCount; repetition++) {
    errors = [];
    const begun = performance.now();
    for (const { places, spread, truth } of scattered) {
      const found = await localisePatches(engine, dlsm, places, spread, { reach: reachPx });
      for (const [i, deviation] of found.deviation.entries()) {
        const { x, y } = places[i]!;
        const at = Float64Array.of(x, y);
        applyTransform(truth, at, at);
        const [a, b, c, d] = jacobianAt(truth, x, y);
        const pixel = Math.sqrt(Math.abs(a * d - b * c));
        const error = Math.hypot(found.source[2 * i]! - at[0]!, found.source[2 * i + 1]! - at[1]!) / pixel;
        errors.push({ error, deviation });
      }
    }
    seconds.push((performance.now() - begun) / 1000);
  }
  const share = (of: typeof errors): number => of.filter(({ error }) => error <= withinPx).length / of.length;
  const better = errors.toSorted((a, b) => a.deviation - b.deviation).slice(0, errors.length >> 1);
  return {
    method,
    set,
    points: errors.length,
    reach: reachPx,
    seconds: median(seconds),
    pairsPerSecond: (errors.length * comparisonsPerPatch) / median(seconds),
    found: share(errors),
    foundOfBetterHalf: share(better),
  };
}
