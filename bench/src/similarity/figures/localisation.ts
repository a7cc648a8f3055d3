import { errorStatistics, type LocalisationError } from '../localisation/errors.js';
import type { LocalisationResult } from '../localisation/localise-sets.js';
import { mostSimilarFirst } from '../localisation/rows.js';
import type { Chart, Series } from './chart.js';
import type { Figure } from './figure.js';

/** Standard deviation of rounding to whole pixels: below it localisation is sub-pixel (Uss 2020, §4.4). */
const subpixelShift = 1 / Math.sqrt(12);
/** Errors a standard deviation is taken over at least. */
const leastCount = 10;
/** Intervals of the false positive rate, equal on a logarithmic scale. */
const intervalCount = 8;

type Group = readonly [x: number, errors: readonly LocalisationError[]];

/** The standard deviation DLSM predicts for a group: the root mean square of its ellipses' axes. */
function predicted(errors: readonly LocalisationError[]): number | undefined {
  const traces = errors.flatMap(({ covariance }) => (covariance ? [(covariance[0] + covariance[2]) / 2] : []));
  if (traces.length === 0) return undefined;
  return Math.sqrt(traces.reduce((sum, trace) => sum + trace, 0) / traces.length);
}

function seriesOf(byMethod: ReadonlyMap<string, readonly Group[]>, kind: 'sd' | 'robustSd'): readonly Series[] {
  const all = [...byMethod].flatMap(([name, groups], colour): Series[] => {
    const measured = groups.map(([x, errors]) => [x, errorStatistics(errors)[kind]] as const);
    const own = groups.flatMap(([x, errors]) => {
      const deviation = predicted(errors);
      return deviation === undefined ? [] : [[x, deviation] as const];
    });
    const line: Series = { name, points: measured, colour };
    return own.length === 0 ? [line] : [line, { name: `${name}, predicted`, points: own, style: 'dashed', colour }];
  });
  const xs = [...byMethod.values()].flatMap((groups) => groups.map(([x]) => x));
  // Too few templates fill no interval.
  if (xs.length === 0) return all;
  const level: Series = {
    name: 'sub-pixel level',
    points: [Math.min(...xs), Math.max(...xs)].map((x) => [x, subpixelShift] as const),
    style: 'dashed',
    colour: 6,
  };
  return [...all, level];
}

function bothDeviations(
  byMethod: ReadonlyMap<string, readonly Group[]>,
  x: Chart['x'],
  what: string,
): readonly Chart[] {
  const kinds = [
    ['sd', 'SD of localisation'],
    ['robustSd', 'Robust SD of localisation'],
  ] as const;
  return kinds.map(([kind, title]) => ({
    title: `${title} ${what}`,
    x,
    y: { label: 'px', domain: [0, 3] as const },
    series: seriesOf(byMethod, kind),
  }));
}

/** All errors of a method, set after set: the same templates in the same order for every method. */
function errorsByMethod(results: readonly LocalisationResult[]): ReadonlyMap<string, readonly LocalisationError[]> {
  const methods = new Map<string, LocalisationError[]>();
  for (const { method, errors } of results) methods.set(method, [...(methods.get(method) ?? []), ...errors]);
  return methods;
}

/**
 * Deviations of localisation against the false positive rate that MIND's similarity of the same template has (Uss 2020, figure 9).
 *
 * @param negatives - MIND's scores of unrelated ground
 * @returns undefined where MIND was not measured
 */
export function byReferenceFigure(results: readonly LocalisationResult[], negatives: Float32Array): Figure | undefined {
  const methods = errorsByMethod(results);
  const reference = methods.get('mind');
  if (!reference || negatives.length === 0) return undefined;
  // Half a negative at least, so that the logarithm exists.
  const rates = reference.map(({ score }) => {
    let above = 0;
    for (const negative of negatives) if (negative >= score) above++;
    return Math.max(above, 0.5) / negatives.length;
  });
  const low = Math.log(0.5 / negatives.length);
  const interval = (rate: number): number =>
    Math.min(intervalCount - 1, Math.floor((intervalCount * (Math.log(rate) - low)) / (0 - low)));
  const groups = new Map(
    [...methods].map(([method, errors]) => {
      const found = Array.from({ length: intervalCount }, (_, k): Group => {
        const middle = Math.exp(low + ((k + 0.5) / intervalCount) * (0 - low));
        return [middle, errors.filter((_, i) => interval(rates[i]!) === k)];
      });
      return [method, found.filter(([, own]) => own.length >= leastCount)] as const;
    }),
  );
  const domain = [0.5 / negatives.length, 1] as const;
  const x = { label: "false positive rate of MIND's similarity", domain, log: true };
  return { name: 'figure-9-by-mind', charts: bothDeviations(groups, x, 'for the same templates') };
}

/** Deviations of localisation of successive groups in order of each measure's own similarity (Uss 2020, figure 10). */
export function byNumberFigure(results: readonly LocalisationResult[]): Figure {
  const groups = new Map(
    [...errorsByMethod(results)].map(([method, errors]) => {
      const sorted = mostSimilarFirst(errors);
      const size = Math.max(leastCount, Math.round(sorted.length / 20));
      const starts = Array.from({ length: Math.floor(sorted.length / size) }, (_, i) => i * size);
      return [method, starts.map((start): Group => [start + size, sorted.slice(start, start + size)])] as const;
    }),
  );
  const most = Math.max(...results.map(({ errors }) => errors.length)) * new Set(results.map(({ set }) => set)).size;
  const x = { label: 'templates, most similar first', domain: [0, most] as const };
  return { name: 'figure-10-by-number', charts: bothDeviations(groups, x, 'against number of templates') };
}
