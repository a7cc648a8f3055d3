import type { TiePoint } from '../result/tie-point.js';
import { formatNumber } from './html.js';

const width = 1040;
const height = 240;
const margin = { left: 44, right: 12, top: 12, bottom: 40 };
const bins = 48;

/** A round number at or above `value`. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return ([1, 1.2, 1.6, 2, 3, 4, 6, 8].find((round) => lead <= round) ?? 10) * power;
}

/** The residuals as a stacked histogram in SVG; the last bin also holds all that is longer. */
export function drawHistogram(tiePoints: readonly TiePoint[]): string {
  const known = tiePoints.filter((point) => point.residual !== undefined && Number.isFinite(point.residual));
  if (known.length === 0) return '<p>There are no residuals to show.</p>';
  const longest = Math.max(...known.filter((point) => point.inlier === true).map((point) => point.residual!), 0);
  // Wrong matches are often hundreds of pixels off: the axis ends where it still tells the right ones apart.
  const end = roundUp(longest > 0 ? longest * 1.5 : Math.max(...known.map((point) => point.residual!)));
  const inliers = Array.from({ length: bins }, () => 0);
  const others = Array.from({ length: bins }, () => 0);
  for (const { residual, inlier } of known) {
    const bin = Math.min(bins - 1, Math.floor((residual! / end) * bins));
    (inlier === true ? inliers : others)[bin]!++;
  }
  const top = Math.max(...inliers.map((count, i) => count + others[i]!), 1);
  const plotWidth = width - margin.left - margin.right;
  const plotHeight = height - margin.top - margin.bottom;
  const barWidth = plotWidth / bins;
  const y = (count: number): number => margin.top + plotHeight * (1 - count / top);
  const bar = (kind: string, i: number, from: number, to: number): string =>
    to === from
      ? ''
      : `<rect class="${kind}" x="${(margin.left + i * barWidth + 1).toFixed(1)}" width="${(barWidth - 2).toFixed(1)}" ` +
        `y="${y(to).toFixed(1)}" height="${(y(from) - y(to)).toFixed(1)}"/>`;
  const bars = inliers
    .map((count, i) => bar('bar-in', i, 0, count) + bar('bar-out', i, count, count + others[i]!))
    .join('');
  const ticks = [0, 0.25, 0.5, 0.75, 1]
    .map((t) => {
      const x = margin.left + t * plotWidth;
      const label = `${formatNumber(t * end)}${t === 1 ? '+' : ''}`;
      return `<text x="${x}" y="${height - margin.bottom + 18}" text-anchor="middle">${label}</text>`;
    })
    .join('');
  const beyond = others.at(-1)!;
  const words = `${known.filter((point) => point.inlier === true).length} inliers up to ${formatNumber(longest)} px; ${beyond} other tie points beyond ${formatNumber(end * (1 - 1 / bins))} px.`;
  return (
    `<svg class="histogram" viewBox="0 0 ${width} ${height}" role="img" aria-label="Histogram of residuals: ${words}">` +
    `<line class="axis" x1="${margin.left}" x2="${width - margin.right}" y1="${y(0)}" y2="${y(0)}"/>${bars}${ticks}` +
    `<text x="${margin.left + plotWidth / 2}" y="${height - 4}" text-anchor="middle">residual, px of the reference</text>` +
    `<text x="${margin.left - 8}" y="${margin.top + 10}" text-anchor="end">${top}</text>` +
    `<text x="${margin.left - 8}" y="${y(0)}" text-anchor="end">0</text></svg>`
  );
}
