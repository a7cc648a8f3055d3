import { circularSd, covarianceAt, type ErrorField } from '../model/error-field.js';
import type { TiePoint } from '../result/tie-point.js';
import { bitmapToDataUri } from './bitmap.js';
import { roundLevels, traceContour } from './contours.js';
import { formatNumber } from './html.js';

/** The predicted standard deviation on a coarse grid over the reference, as the report draws it. */
export interface SampledError {
  readonly columns: number;
  readonly rows: number;
  /** At the centres of equal cells, row by row, px of the reference. */
  readonly sd: Float64Array;
  readonly least: number;
  readonly most: number;
}

const samples = 48;
/** Viridis, light where the error is small. */
const palette = [
  [253, 231, 37],
  [94, 201, 98],
  [33, 145, 140],
  [59, 82, 139],
  [68, 1, 84],
] as const;

/** Samples the predicted standard deviation, 48 cells along the longer side. */
export function sampleError(field: ErrorField): SampledError {
  const { width, height } = field;
  const cell = Math.max(width, height) / samples;
  const columns = Math.max(2, Math.round(width / cell));
  const rows = Math.max(2, Math.round(height / cell));
  const sd = Float64Array.from({ length: columns * rows }, (_, i) => {
    const x = (((i % columns) + 0.5) / columns) * width;
    const y = ((Math.floor(i / columns) + 0.5) / rows) * height;
    return circularSd(covarianceAt(field, x, y));
  });
  const known = sd.filter(Number.isFinite);
  return { columns, rows, sd, least: Math.min(...known), most: Math.max(...known) };
}

function colour(share: number): readonly [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (palette.length - 1);
  const i = Math.min(palette.length - 2, Math.floor(at));
  const mix = (k: 0 | 1 | 2): number => Math.round(palette[i]![k] + (at - i) * (palette[i + 1]![k] - palette[i]![k]));
  return [mix(0), mix(1), mix(2)];
}

const f = (value: number): string => String(Number(value.toFixed(2)));

function contourLines(sampled: SampledError, field: ErrorField): string {
  const { columns, rows, sd, least, most } = sampled;
  const [cellX, cellY] = [field.width / columns, field.height / rows];
  const side = Math.max(field.width, field.height);
  return roundLevels(least, most, 5)
    .map((level) => {
      const { pieces } = traceContour(sd, columns, rows, level);
      const path = pieces
        .map(
          ([x1, y1, x2, y2]) =>
            `M${f((x1 + 0.5) * cellX)} ${f((y1 + 0.5) * cellY)}L${f((x2 + 0.5) * cellX)} ${f((y2 + 0.5) * cellY)}`,
        )
        .join('');
      // The name stands where the line is farthest from the border.
      const inset = ([x, y]: readonly [number, number, number, number]): number =>
        Math.min(x, columns - 1 - x, y, rows - 1 - y);
      const [first] = pieces.toSorted((a, b) => inset(b) - inset(a));
      const label =
        first === undefined || inset(first) < 1.5
          ? ''
          : `<text x="${f((first[0] + 0.5) * cellX)}" y="${f((first[1] + 0.5) * cellY)}" font-size="${f(side / 28)}" text-anchor="middle" dominant-baseline="middle">${formatNumber(level)}</text>`;
      return `<path class="contour-casing" d="${path}"/><path class="contour" d="${path}"/>${label}`;
    })
    .join('');
}

/** Draws the predicted standard deviation over the reference: colours, lines of equal error with their values, and the inliers. */
export function drawErrorMap(field: ErrorField, tiePoints: readonly TiePoint[]): string {
  const sampled = sampleError(field);
  const { columns, rows, sd, least, most } = sampled;
  const range = most - least;
  const pixels = new Uint8Array(3 * columns * rows);
  sd.forEach((value, i) => {
    pixels.set(Number.isFinite(value) ? colour(range > 0 ? (value - least) / range : 0) : [128, 128, 128], 3 * i);
  });
  const side = Math.max(field.width, field.height);
  const dots = tiePoints
    .filter(({ inlier }) => inlier === true)
    .map(({ reference: [x, y] }) => `<circle cx="${f(x)}" cy="${f(y)}" r="${f(side / 220)}"/>`)
    .join('');
  const words = `Predicted standard deviation over the reference: ${formatNumber(least)} px at best, ${formatNumber(most)} px at worst.`;
  const stops = palette.map((rgb, i) => `rgb(${rgb.join(' ')}) ${(100 * i) / (palette.length - 1)}%`).join(', ');
  return (
    `<svg class="error-map" viewBox="0 0 ${field.width} ${field.height}" role="img" aria-label="${words}">` +
    `<image href="${bitmapToDataUri(columns, rows, pixels)}" width="${field.width}" height="${field.height}" preserveAspectRatio="none"/>` +
    `${contourLines(sampled, field)}<g class="map-dots">${dots}</g></svg>` +
    `<div class="scale"><span>${formatNumber(least)}</span><i style="background: linear-gradient(90deg, ${stops})"></i><span>${formatNumber(most)} px</span></div>`
  );
}
