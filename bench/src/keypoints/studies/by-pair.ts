import { evaluate, meanOf, type ScoredPair } from '../evaluate.js';
import { openMethods } from '../methods.js';
import type { Metric } from '../score.js';
import type { Study, StudyRow } from './study.js';

/** Methods of Table 3, where weights are there. */
const repeatedIn = ['sift', 'asift', 'rift', 'superpoint', 'superpoint-stand-in', 'r2d2', 'tiepoint', 'li2022'];
/** Methods of Table 4. */
const wholeIn = [
  'sift',
  'pso-sift',
  'sar-sift',
  'superpoint',
  'superpoint-stand-in',
  'd2-net',
  'tiepoint',
  'tiepoint-guided',
  'li2022',
];

/** Rows of metrics for each pair, and of their means. */
function rowsByPair(study: string, scored: readonly ScoredPair[], metrics: readonly Metric[]): StudyRow[] {
  const methods = [...new Set(scored.map(({ method }) => method))];
  return methods.flatMap((method) => {
    const own = scored.filter((s) => s.method === method);
    return metrics.flatMap((metric): StudyRow[] => {
      const { value, n } = meanOf(own, metric);
      return [
        ...own.map(({ pair, score }) => ({ study, method, of: pair, metric, value: score[metric], n: 1 })),
        { study, method, of: 'mean', metric, value, n },
      ];
    });
  });
}

/**
 * Table 3: repeatability on twelve SAR-optical pairs, at most six of each folder, of 512 px (256 px for metre-sar).
 */
export const table3: Study = async ({ evaluation, places, methods = repeatedIn }) => {
  const limit = Math.min(6, evaluation.limit);
  const scored = await evaluate(await openMethods(methods, places), { ...evaluation, sets: ['sar'], limit });
  return rowsByPair('table3', scored, ['repeatability', 'chance', 'repeatability125', 'chance125', 'gain125']);
};

/** Table 4: match score and RMSE of the whole pipeline under projective warps, on nine SAR-optical pairs: five of each folder but one. */
export const table4: Study = async ({ evaluation, places, methods = wholeIn }) => {
  const limit = Math.min(5, evaluation.limit);
  const all = await evaluate(await openMethods(methods, places), { ...evaluation, sets: ['sar'], limit });
  const pairs = [...new Set(all.map(({ pair }) => pair))].slice(0, 9);
  const scored = all.filter(({ pair }) => pairs.includes(pair));
  return rowsByPair('table4', scored, ['matchScore', 'rmse']);
};
