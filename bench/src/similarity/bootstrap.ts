import { createRandom } from 'onnx-grad';
import { sortedTogether } from './ranking.js';

/** How often each of `count` things is drawn in `count` draws with replacement. */
function drawCounts(count: number, integer: (below: number) => number, into: Uint16Array): void {
  into.fill(0);
  for (let i = 0; i < count; i++) into[integer(count)]!++;
}

/**
 * Areas under the curve of resampled scores: positives and negatives each drawn with replacement, as many as there are
 * (Efron 1979). The same seed draws the same patch pairs for every measure.
 *
 * @returns `rounds` areas, 0 to 1
 */
export function resampledAreas(
  positives: Float32Array,
  negatives: Float32Array,
  rounds: number,
  seed: number,
): Float64Array {
  const random = createRandom(seed);
  const order = sortedTogether(positives, negatives);
  const times = [new Uint16Array(positives.length), new Uint16Array(negatives.length)] as const;
  return Float64Array.from({ length: rounds }, () => {
    drawCounts(positives.length, random.integer, times[0]);
    drawCounts(negatives.length, random.integer, times[1]);
    let [wins, below, tiedPositives, tiedNegatives] = [0, 0, 0, 0];
    const close = (): void => {
      wins += tiedPositives * (below + tiedNegatives / 2);
      below += tiedNegatives;
      tiedPositives = 0;
      tiedNegatives = 0;
    };
    let last = Number.NaN;
    for (const { score, positive, index } of order) {
      if (score !== last) close();
      last = score;
      if (positive) tiedPositives += times[0][index]!;
      else tiedNegatives += times[1][index]!;
    }
    close();
    return wins / (positives.length * negatives.length);
  });
}

/** The interval that holds the middle share of the values. */
export function middleInterval(values: Float64Array, share: number): readonly [low: number, high: number] {
  const sorted = values.toSorted();
  const at = (fraction: number): number => sorted[Math.round(fraction * (sorted.length - 1))]!;
  return [at((1 - share) / 2), at((1 + share) / 2)];
}
