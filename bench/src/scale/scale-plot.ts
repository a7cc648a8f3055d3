import type { ScaleRow } from './scale-row.js';

const [width, height, margin] = [420, 360, 56];
const colours = { register: '#0b63ce', 'register and warp': '#d1570f' } as const;

/** Round numbers, 1, 2 and 5 times powers of ten, over a range. */
function roundNumbers(low: number, high: number): number[] {
  const found: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
    for (const lead of [1, 2, 5]) if (lead * power >= low && lead * power <= high) found.push(lead * power);
  }
  return found;
}

function panel(rows: readonly ScaleRow[], left: number, title: string, of: (row: ScaleRow) => number): string {
  const values = rows.map(of);
  const sides = rows.map(({ side }) => side);
  const range = (all: readonly number[]): [number, number] => [Math.min(...all) / 1.3, Math.max(...all) * 1.3];
  const place = (value: number, [low, high]: readonly [number, number], from: number, to: number): number =>
    from + ((to - from) * Math.log(value / low)) / Math.log(high / low);
  const [across, up] = [range(sides), range(values)];
  const x = (side: number): string => place(side, across, left + margin, left + width - 16).toFixed(1);
  const y = (value: number): string => place(value, up, height - margin, 48).toFixed(1);
  const [x0, x1, y0, y1] = [x(across[0]), x(across[1]), y(up[0]), y(up[1])];
  const vertical = [...new Set(sides)]
    .map(
      (side) =>
        `<path d="M${x(side)} ${y0}V${y1}" stroke="#e3e7ec"/><text x="${x(side)}" y="${height - margin + 18}" text-anchor="middle">${side}</text>`,
    )
    .join('');
  const horizontal = roundNumbers(...up)
    .map(
      (value) =>
        `<path d="M${x0} ${y(value)}H${x1}" stroke="#e3e7ec"/><text x="${left + margin - 6}" y="${Number(y(value)) + 4}" text-anchor="end">${value}</text>`,
    )
    .join('');
  const lines = (Object.keys(colours) as (keyof typeof colours)[])
    .map((task, i) => {
      const own = rows.filter((row) => row.task === task);
      const path = own.map((row) => `${x(row.side)} ${y(of(row))}`).join('L');
      const dots = own.map((row) => `<circle cx="${x(row.side)}" cy="${y(of(row))}" r="3.5"/>`).join('');
      return `<g fill="${colours[task]}"><path d="M${path}" fill="none" stroke="${colours[task]}" stroke-width="2"/>${dots}<text x="${left + margin + 10}" y="${66 + 18 * i}">${task}</text></g>`;
    })
    .join('');
  return `${vertical}${horizontal}${lines}<text x="${left + width / 2}" y="28" text-anchor="middle" font-size="15" font-weight="600">${title}</text>
<text x="${left + width / 2}" y="${height - 14}" text-anchor="middle">side of the images, px</text>`;
}

/** Time and peak memory against the side of the images in SVG, all axes logarithmic. */
export function drawScalePlot(rows: readonly ScaleRow[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#16202b">
<rect width="${2 * width}" height="${height}" fill="#fff"/>
${panel(rows, 0, 'Time, s', ({ seconds }) => seconds)}
${panel(rows, width, 'Peak memory, MB', ({ peakMB }) => peakMB)}
</svg>
`;
}
