/** An axis of a chart. */
interface Axis {
  readonly label: string;
  readonly domain: readonly [number, number];
  /** Powers of ten at equal distances. */
  readonly log?: boolean;
}

/** Points that belong together. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A line unless named. */
  readonly style?: 'line' | 'dashed' | 'dots';
  /** Index of its colour; its place in the list unless named. */
  readonly colour?: number;
}

/** A chart of lines and dots. */
export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Arrows from one place to another, with a value from 0 to 1 for their shade. */
  readonly arrows?: readonly (readonly [x0: number, y0: number, x1: number, y1: number, shade: number])[];
  /** Whether both axes have the same scale, y downwards, as in images. */
  readonly image?: boolean;
}

const plotFrame = { left: 62, top: 34, bottom: 46, right: 14 } as const;
const plotSize = { width: 420, height: 300, legend: 150 } as const;
// Told apart by people with the usual deficiencies too (Okabe and Ito), then greys.
const plotColours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#8c564b', '#7f7f7f'];

function colour(index: number): string {
  return plotColours[index % plotColours.length]!;
}

/** How a line is broken: dashed where it is asked for, dotted where its colour is used a second time. */
function dashOf(style: Series['style'], index: number): string {
  if (style === 'dashed') return ' stroke-dasharray="5 4"';
  return index >= plotColours.length ? ' stroke-dasharray="1.5 2.5"' : '';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Round numbers within a domain, about six. */
function ticks({ domain: [low, high], log }: Axis): readonly number[] {
  if (log) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(high) + 1e-9);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
  }
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

type Scale = (value: number) => number;

function scaleOf({ domain: [low, high], log }: Axis, from: number, to: number): Scale {
  const place = (value: number): number =>
    log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  // What lies outside is drawn on the rim.
  return (value) => from + (to - from) * Math.min(1, Math.max(0, place(value)));
}

function drawnSeries({ points, style = 'line', colour: index = 0 }: Series, x: Scale, y: Scale): string {
  const at = points.map(([px, py]) => [x(px).toFixed(1), y(py).toFixed(1)] as const);
  if (style === 'dots') {
    return at
      .map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2" fill="${colour(index)}" fill-opacity="0.6"/>`)
      .join('');
  }
  const dash = dashOf(style, index);
  const line = at.map((point) => point.join(',')).join(' ');
  return `<polyline points="${line}" fill="none" stroke="${colour(index)}" stroke-width="1.6"${dash}/>`;
}

function drawnAxes(chart: Chart, x: Scale, y: Scale, width: number, height: number): string {
  const bottom = plotFrame.top + height;
  const parts = [
    `<rect x="${plotFrame.left}" y="${plotFrame.top}" width="${width}" height="${height}" fill="none" stroke="#888"/>`,
    `<text x="${plotFrame.left + width / 2}" y="${bottom + 38}" text-anchor="middle">${escaped(chart.x.label)}</text>`,
    `<text transform="translate(16 ${plotFrame.top + height / 2}) rotate(-90)" text-anchor="middle">${escaped(chart.y.label)}</text>`,
    `<text x="${plotFrame.left}" y="20" font-size="14" font-weight="bold">${escaped(chart.title)}</text>`,
  ];
  for (const tick of ticks(chart.x)) {
    const at = x(tick).toFixed(1);
    parts.push(`<line x1="${at}" x2="${at}" y1="${plotFrame.top}" y2="${bottom}" stroke="#e4e4e4"/>`);
    parts.push(`<text x="${at}" y="${bottom + 17}" text-anchor="middle">${tick}</text>`);
  }
  for (const tick of ticks(chart.y)) {
    const at = y(tick).toFixed(1);
    parts.push(`<line x1="${plotFrame.left}" x2="${plotFrame.left + width}" y1="${at}" y2="${at}" stroke="#e4e4e4"/>`);
    parts.push(`<text x="${plotFrame.left - 7}" y="${Number(at) + 4}" text-anchor="end">${tick}</text>`);
  }
  return parts.join('\n');
}

/** The chart as an SVG document. */
export function drawChart(chart: Chart): string {
  const width = chart.image ? plotSize.height : plotSize.width;
  const { height } = plotSize;
  const x = scaleOf(chart.x, plotFrame.left, plotFrame.left + width);
  const [top, bottom] = [plotFrame.top, plotFrame.top + height];
  const y = chart.image ? scaleOf(chart.y, top, bottom) : scaleOf(chart.y, bottom, top);
  const series = chart.series.map((each, i) => ({ ...each, colour: each.colour ?? i }));
  const legend = series.map(({ name, style, colour: index }, i) => {
    const [left, line] = [plotFrame.left + width + 14, plotFrame.top + 10 + 18 * i];
    const dash = dashOf(style, index);
    const sign =
      style === 'dots'
        ? `<circle cx="${left + 10}" cy="${line - 4}" r="3" fill="${colour(index)}"/>`
        : `<line x1="${left}" x2="${left + 20}" y1="${line - 4}" y2="${line - 4}" stroke="${colour(index)}" stroke-width="2"${dash}/>`;
    return `${sign}<text x="${left + 26}" y="${line}">${escaped(name)}</text>`;
  });
  const arrows = (chart.arrows ?? []).map(([x0, y0, x1, y1, shade]) => {
    const hue = Math.round(240 - 240 * Math.min(1, Math.max(0, shade)));
    return `<line x1="${x(x0).toFixed(1)}" y1="${y(y0).toFixed(1)}" x2="${x(x1).toFixed(1)}" y2="${y(y1).toFixed(1)}" stroke="hsl(${hue} 80% 42%)" marker-end="url(#tip)"/>`;
  });
  const size = [
    plotFrame.left + width + plotSize.legend + plotFrame.right,
    plotFrame.top + height + plotFrame.bottom,
  ] as const;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size[0]} ${size[1]}" font-family="sans-serif" font-size="12">`,
    '<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0L6 3L0 6z"/></marker></defs>',
    '<rect width="100%" height="100%" fill="#fff"/>',
    drawnAxes(chart, x, y, width, height),
    ...arrows,
    ...series.map((each) => drawnSeries(each, x, y)),
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}
