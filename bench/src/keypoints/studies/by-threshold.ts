import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawChart } from '../../similarity/figures/chart.js';
import { evaluate, meanOf, type ScoredPair } from '../evaluate.js';
import { openMethods } from '../methods.js';
import { thresholds } from '../score.js';
import type { Study, StudyRow } from './study.js';

/** A metric that has a value for each threshold. */
type Curve = 'repeatability' | 'mma' | 'ap';

const titles: Readonly<Record<Curve, string>> = {
  repeatability: 'Repeatability',
  mma: 'Mean matching accuracy',
  ap: 'Average precision of nearest neighbours',
};

/** Means over pairs by threshold, of each method. */
export function rowsByThreshold(study: string, scored: readonly ScoredPair[], curve: Curve): StudyRow[] {
  const methods = [...new Set(scored.map(({ method }) => method))];
  return methods.flatMap((method) =>
    thresholds.map((px): StudyRow => {
      const metric = `${curve}${px}` as const;
      const { value, n } = meanOf(
        scored.filter((s) => s.method === method),
        metric,
      );
      return { study, method, of: 'all', metric, value, n };
    }),
  );
}

/** Writes a chart of such rows. */
export async function drawCurves(folder: string, name: string, rows: readonly StudyRow[], curve: Curve): Promise<void> {
  await mkdir(folder, { recursive: true });
  const own = rows.filter(({ metric }) => metric.startsWith(curve));
  const most = Math.max(0.1, ...own.map(({ value }) => value ?? 0));
  const series = [...new Set(own.map(({ method }) => method))].map((method) => ({
    name: method,
    points: own.flatMap(({ method: m, metric, value }) =>
      m === method && value !== null && Number.isFinite(value)
        ? [[Number(metric.slice(curve.length)), value] as const]
        : [],
    ),
  }));
  const svg = drawChart({
    title: titles[curve],
    x: { label: 'threshold, px', domain: [1, thresholds.at(-1)!] },
    y: { label: titles[curve], domain: [0, most] },
    series,
  });
  await writeFile(join(folder, `${name}-${curve}.svg`), svg);
}

/** Methods of figure 9, where weights are there. */
const compared = ['sift', 'asift', 'rift', 'superpoint', 'superpoint-stand-in', 'r2d2', 'tiepoint', 'tiepoint-guided'];

/** Figure 9: MMA and average precision of nearest neighbours by threshold, on SAR-optical pairs. */
export const figure9: Study = async ({ evaluation, places, methods = compared, figures }) => {
  const scored = await evaluate(await openMethods(methods, places), { ...evaluation, sets: ['sar'] });
  const rows = [...rowsByThreshold('figure9', scored, 'mma'), ...rowsByThreshold('figure9', scored, 'ap')];
  if (figures !== undefined)
    for (const curve of ['mma', 'ap'] as const) await drawCurves(figures, 'figure9', rows, curve);
  return rows;
};
