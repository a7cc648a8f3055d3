/** A registration in the plot: standard deviations per axis, px of the reference. */
export interface PlottedRegistration {
  readonly set: string;
  readonly predictedSd: number;
  readonly measuredSd: number;
}

const size = 560;
const margin = 64;
const low = 0.02;
const high = 20;
const colours = ['#0b63ce', '#d1570f', '#0f7b47', '#7a3fb0', '#a1194d', '#4a4a4a'];
/** Marks, so that the sets can be told apart without colour: a circle, a square, a triangle, a diamond, a triangle on its tip, a plus. */
const marks = [
  'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
  'M-4 -4h8v8h-8z',
  'M0 -5l5 9h-10z',
  'M0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z',
  'M0 5l5 -9h-10z',
  'M-1.5 -5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z',
];

function place(value: number): number {
  const share = Math.log(Math.min(high, Math.max(low, value)) / low) / Math.log(high / low);
  return margin + share * (size - 2 * margin);
}

/** Measured against predicted error of each registration in SVG, both axes logarithmic, with the line where they agree and the factor 1.25 about it. */
export function drawTrustPlot(points: readonly PlottedRegistration[], title: string): string {
  const x = (value: number): string => place(value).toFixed(1);
  const y = (value: number): string => (size - place(value)).toFixed(1);
  const sets = [...new Set(points.map(({ set }) => set))];
  const ticks = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]
    .map(
      (t) =>
        `<path d="M${x(t)} ${y(low)}V${y(high)}M${x(low)} ${y(t)}H${x(high)}" stroke="#e3e7ec"/>` +
        `<text x="${x(t)}" y="${size - margin + 18}" text-anchor="middle">${t}</text>` +
        `<text x="${margin - 8}" y="${Number(y(t)) + 4}" text-anchor="end">${t}</text>`,
    )
    .join('');
  const band = `M${x(low)} ${y(low * 1.25)}L${x(high / 1.25)} ${y(high)}L${x(high)} ${y(high)}L${x(high)} ${y(high * 0.8)}L${x(low / 0.8)} ${y(low)}L${x(low)} ${y(low)}z`;
  const dots = points
    .map(({ set, predictedSd, measuredSd }) => {
      const kind = sets.indexOf(set) % marks.length;
      return `<path transform="translate(${x(predictedSd)} ${y(measuredSd)})" d="${marks[kind]}" fill="${colours[kind]}" fill-opacity=".7"/>`;
    })
    .join('');
  const legend = sets
    .map((set, i) => {
      const kind = i % marks.length;
      return `<g transform="translate(${margin + 16} ${margin + 18 + 20 * i})"><path d="${marks[kind]}" fill="${colours[kind]}"/><text x="12" y="5">${set}</text></g>`;
    })
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" font-family="system-ui, sans-serif" font-size="13" fill="#16202b">
<rect width="${size}" height="${size}" fill="#fff"/><text x="${size / 2}" y="32" text-anchor="middle" font-size="15" font-weight="600">${title}</text>
${ticks}<path d="${band}" fill="#0b63ce" fill-opacity=".1"/><path d="M${x(low)} ${y(low)}L${x(high)} ${y(high)}" stroke="#16202b"/>
${dots}${legend}
<text x="${size / 2}" y="${size - 14}" text-anchor="middle">predicted error, px (standard deviation per axis)</text>
<text transform="translate(16 ${size / 2}) rotate(-90)" text-anchor="middle">measured error at check points, px</text></svg>
`;
}
