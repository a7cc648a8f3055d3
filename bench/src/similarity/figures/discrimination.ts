import { rank } from '../ranking.js';
import { type RocPoint, rocCurve } from '../roc.js';
import type { SetScores } from '../rows.js';
import type { Chart } from './chart.js';
import type { Figure } from './figure.js';

/** Scores of all sets of a method one after another. */
function pooled(scores: readonly SetScores[], kind: 'positives' | 'negatives'): Float32Array {
  return Float32Array.from(scores.flatMap((each) => [...each[kind]]));
}

/** At most this many points of a curve are drawn. */
const pointCount = 300;

function thinned(curve: readonly RocPoint[]): readonly (readonly [number, number])[] {
  const stride = Math.ceil(curve.length / pointCount);
  return curve
    .filter((_, i) => i % stride === 0 || i === curve.length - 1)
    .map(({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate]);
}

/** Receiver operating characteristics over the pairs of all sets (Uss 2020, figure 6). */
export function rocFigure(scores: readonly SetScores[]): Figure {
  const methods = [...new Set(scores.map(({ method }) => method))];
  const series = methods.map((method) => {
    const own = scores.filter((each) => each.method === method);
    return { name: method, points: thinned(rocCurve(rank(pooled(own, 'positives'), pooled(own, 'negatives')))) };
  });
  const chart: Chart = {
    title: 'Receiver operating characteristic, all sets',
    x: { label: 'false positive rate', domain: [0, 1] },
    y: { label: 'true positive rate', domain: [0, 1] },
    series,
  };
  return { name: 'figure-6-roc', charts: [chart] };
}
