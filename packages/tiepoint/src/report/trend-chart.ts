import type { Trend } from '../assess/trends.js';
import { formatNumber } from './html.js';
import { roundUp } from './histogram.js';

const width = 520;
const height = 260;
const margin = { left: 52, right: 12, top: 12, bottom: 40 };

/** What each trend is against, in words. */
export const trendWords: Readonly<Record<Trend['against'], string>> = {
  column: 'column of the reference',
  row: 'row of the reference',
  elevation: 'elevation of the ground',
  slope: 'slope of the ground',
};

const f = (value: number): string => String(Number(value.toFixed(1)));

/** Mean displacement along x (circles) and y (squares) against a quantity, with the standard deviation of each part as a bar. */
export function drawTrend({ against, unit, bins, x, y, count }: Trend): string {
  const [low, high] = [bins[0]!.from, bins.at(-1)!.to];
  const reach = roundUp(
    bins.reduce(
      (most, { meanX, meanY, sdX, sdY }) => Math.max(most, Math.abs(meanX) + sdX, Math.abs(meanY) + sdY),
      1e-3,
    ),
  );
  const [plotWidth, plotHeight] = [width - margin.left - margin.right, height - margin.top - margin.bottom];
  const across = (value: number): number => margin.left + (high > low ? (value - low) / (high - low) : 0.5) * plotWidth;
  const down = (value: number): number => margin.top + ((reach - value) / (2 * reach)) * plotHeight;
  const series = (axis: 'X' | 'Y', shift: number): string => {
    const points = bins.map((bin) => ({
      u: across((bin.from + bin.to) / 2) + shift,
      mean: bin[`mean${axis}`],
      sd: bin[`sd${axis}`],
    }));
    const bars = points.map(({ u, mean, sd }) => `M${f(u)} ${f(down(mean - sd))}V${f(down(mean + sd))}`).join('');
    const line = points.map(({ u, mean }) => `${f(u)} ${f(down(mean))}`).join('L');
    const marks = points
      .map(({ u, mean }) =>
        axis === 'X'
          ? `<circle cx="${f(u)}" cy="${f(down(mean))}" r="4"/>`
          : `<rect x="${f(u - 3.5)}" y="${f(down(mean) - 3.5)}" width="7" height="7"/>`,
      )
      .join('');
    return `<g class="trend-${axis.toLowerCase()}"><path d="${bars}"/><path d="M${line}"/>${marks}</g>`;
  };
  const ticks = [0, 0.5, 1]
    .map((t) => {
      const value = low + t * (high - low);
      return `<text x="${f(across(value))}" y="${height - margin.bottom + 18}" text-anchor="${t === 0 ? 'start' : t === 1 ? 'end' : 'middle'}">${formatNumber(value)}</text>`;
    })
    .join('');
  const levels = [-reach, 0, reach]
    .map(
      (value) =>
        `<text x="${margin.left - 8}" y="${f(down(value) + 4)}" text-anchor="end">${formatNumber(value)}</text>` +
        `<line class="axis" x1="${margin.left}" x2="${width - margin.right}" y1="${f(down(value))}" y2="${f(down(value))}"/>`,
    )
    .join('');
  const words =
    `Mean displacement against ${trendWords[against]} at ${count} tie points: ` +
    `x ${formatNumber(x.slope)}, y ${formatNumber(y.slope)} px for 1 ${unit}.`;
  return (
    `<svg class="trend" viewBox="0 0 ${width} ${height}" role="img" aria-label="${words}">${levels}${series('X', -3)}${series('Y', 3)}${ticks}` +
    `<text x="${margin.left + plotWidth / 2}" y="${height - 4}" text-anchor="middle">${trendWords[against]}, ${unit}</text></svg>`
  );
}
