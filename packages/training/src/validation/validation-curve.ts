/** What a validation found: numbers from 0 to 1 by the name of the set. */
export interface CurvePoint {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

const size = { width: 640, height: 360, left: 48, right: 120, top: 16, bottom: 36 };
const colours = ['#1b6ca8', '#c7522a', '#3a7d44', '#7b4ea3', '#b8860b', '#555555'];

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/**
 * The values of each set against the step, as SVG.
 *
 * @param label - what the values are, written over the axis
 */
export function validationCurve(records: readonly CurvePoint[], label: string): string {
  const sets = [...new Set(records.flatMap(({ values }) => Object.keys(values)))];
  const last = Math.max(1, ...records.map(({ step }) => step));
  const all = records.flatMap(({ values }) => Object.values(values));
  const lowest = Math.min(0.95, Math.floor(Math.min(...all, 1) * 20) / 20);
  const spacing = 1 - lowest > 0.6 ? 0.1 : 0.05;
  const x = (step: number): number => size.left + ((size.width - size.left - size.right) * step) / last;
  const y = (value: number): number =>
    size.height - size.bottom - ((size.height - size.top - size.bottom) * (value - lowest)) / (1 - lowest);
  const lines: string[] = [];
  for (let tick = lowest; tick < 1.001; tick += spacing) {
    const at = y(tick).toFixed(1);
    lines.push(
      `<line x1="${size.left}" x2="${size.width - size.right}" y1="${at}" y2="${at}" stroke="#ddd"/>`,
      `<text x="${size.left - 6}" y="${at}" text-anchor="end" dominant-baseline="middle">${(100 * tick).toFixed(0)}</text>`,
    );
  }
  for (const [i, set] of sets.entries()) {
    const points = records.flatMap(({ step, values }) => {
      const value = values[set];
      return value === undefined ? [] : [`${x(step).toFixed(1)},${y(value).toFixed(1)}`];
    });
    const colour = colours[i % colours.length]!;
    const line = size.top + 12 + 18 * i;
    lines.push(
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      `<text x="${size.width - size.right + 10}" y="${line}" fill="${colour}">${escaped(set)}</text>`,
    );
  }
  const foot = size.height - 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${lines.join('\n')}
<text x="${x(0)}" y="${foot}" text-anchor="middle">0</text><text x="${x(last)}" y="${foot}" text-anchor="middle">${last}</text>
<text x="${(x(0) + x(last)) / 2}" y="${foot}" text-anchor="middle">steps</text>
<text x="4" y="12">${escaped(label)}, %</text>
</svg>
`;
}
