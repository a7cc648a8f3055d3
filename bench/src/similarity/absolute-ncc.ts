import { pairwiseMeasure, type SimilarityMeasure } from './measure.js';

/** The correlation coefficient of two patches; 0 where one is flat. */
function correlationCoefficient(first: Float32Array, second: Float32Array): number {
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  const n = first.length;
  for (let i = 0; i < n; i++) {
    const [x, y] = [first[i]!, second[i]!];
    a += x;
    b += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const energy = (aa - (a * a) / n) * (bb - (b * b) / n);
  return energy > 1e-9 ? (ab - (a * b) / n) / Math.sqrt(energy) : 0;
}

/** The size of the correlation coefficient, whatever its sign (the measure eq. (2) of Uss 2020 is explained with). */
export function absoluteNcc(): SimilarityMeasure {
  return pairwiseMeasure('ncc', (first, second) => Math.abs(correlationCoefficient(first, second)));
}
