import { mean, type Plane, quantile } from '@tiepoint/geometry';
import { type RasterFile, sarToDecibel, type WarpedWindow } from '@tiepoint/raster';
import { type LinearSar, linearSarScale } from '../inputs/linear-sar-scale.js';

/**
 * Which values are black and white: those that leave out the hundredth at either end, those two standard deviations from the mean, or
 * the least and the largest.
 */
export type Stretch = 'middle' | 'deviations' | 'range';

/** The stretches, the usual one first. */
export const stretches: readonly Stretch[] = ['middle', 'deviations', 'range'];

/** What somebody chooses of how an image is shown; what is left out is chosen by the image. */
export interface DisplayChoice {
  /** One or three, from 1. */
  readonly bands?: readonly number[] | undefined;
  readonly stretch?: Stretch | undefined;
  /** The scale of SAR to be shown in decibels; null to show samples as they are stored. */
  readonly sar?: LinearSar | null | undefined;
}

/** How an image is shown: which bands, and which of their values are black and white. Plain data. */
export interface Display {
  /** One (grey) or three (red, green, blue), from 1. */
  readonly bands: readonly number[];
  /** What is shown black and what white, in samples of the file, or decibels where `sar` names a scale. */
  readonly low: number;
  readonly high: number;
  /** The scale of linear SAR, which is shown in decibels; null of anything else. */
  readonly sar: LinearSar | null;
  /** How black and white were chosen; null where somebody set them. */
  readonly stretch: Stretch | null;
}

/** Side of the overview that the range is measured on, px, and of the samples taken where there is none so small. */
const measured = { overview: 1024, sample: 128, samples: 3 } as const;

/** Names that red, green and blue go by where no interpretation is given: their own, and Sentinel-2's. */
const colourNames = [
  ['red', 'green', 'blue'],
  ['b04', 'b03', 'b02'],
] as const;

/** The bands that show an image: red, green and blue where it has them, by interpretation or by name. */
export function usualBands(file: Pick<RasterFile, 'bands'>): readonly number[] {
  const ways = [
    (['red', 'green', 'blue'] as const).map((colour) =>
      file.bands.find(({ colorInterpretation }) => colorInterpretation === colour),
    ),
    ...colourNames.map((names) =>
      names.map((wanted) => file.bands.find(({ name }) => name?.trim().toLowerCase() === wanted)),
    ),
  ];
  for (const found of ways) {
    const bands = found.flatMap((band) => (band === undefined ? [] : [band.index]));
    if (bands.length === 3) return bands;
  }
  return [1];
}

/** A small version of a band: an overview, or where there is none some windows side by side, so that no large file is read whole. */
async function readSample(file: RasterFile, band: number, signal?: AbortSignal): Promise<Plane[]> {
  const { width, height } = file;
  const levels = [{ width, height }, ...file.overviews];
  const small = levels.some((level) => Math.max(level.width, level.height) <= measured.overview);
  if (small || file.decodesWhole) {
    const shrink = Math.max(1, Math.max(width, height) / measured.overview);
    const size = { width: Math.max(1, Math.round(width / shrink)), height: Math.max(1, Math.round(height / shrink)) };
    return [await file.readPlane({ band, ...size, signal })];
  }
  const planes: Plane[] = [];
  for (let i = 0; i < measured.samples ** 2; i++) {
    const at = (size: number, k: number): number =>
      Math.max(0, Math.min(size - measured.sample, Math.round(((k + 0.5) / measured.samples) * size - 64)));
    const [x, y] = [at(width, i % measured.samples), at(height, Math.floor(i / measured.samples))];
    const window = { x, y, width: Math.min(measured.sample, width), height: Math.min(measured.sample, height) };
    planes.push(await file.readPlane({ band, window, signal }));
  }
  return planes;
}

function validSamples(planes: readonly Plane[]): Float64Array {
  const values: number[] = [];
  for (const { data, mask } of planes) {
    for (let i = 0; i < data.length; i += 3) if (mask?.[i] !== 0 && Number.isFinite(data[i]!)) values.push(data[i]!);
  }
  return Float64Array.from(values);
}

/** What is black and what is white by a stretch. */
function limitsOf(values: Float64Array, stretch: Stretch): readonly [number, number] {
  if (stretch === 'middle') return [quantile(values, 0.01), quantile(values, 0.99)];
  const [least, most] = [quantile(values, 0), quantile(values, 1)];
  if (stretch === 'range') return [least, most];
  const centre = mean(values);
  const spread = 2 * Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
  // Where no values are there is nothing to be told apart.
  return [Math.max(least, centre - spread), Math.min(most, centre + spread)];
}

/**
 * Chooses how an image is shown: its colours or its first band, the middle 98 % of the values between black and white, linear SAR in
 * decibels, unless something else is chosen.
 *
 * @throws TiepointError as `RasterFile.readPlane`
 */
export async function chooseDisplay(
  file: RasterFile,
  choice: DisplayChoice = {},
  signal?: AbortSignal,
): Promise<Display> {
  const { bands = usualBands(file), stretch = 'middle' } = choice;
  let [low, high] = [Infinity, -Infinity];
  let sar = choice.sar ?? null;
  for (const band of bands) {
    const planes = await readSample(file, band, signal);
    if (bands.length === 1 && choice.sar === undefined) {
      sar = linearSarScale(planes[0]!, file.bands[band - 1]?.dataType)?.scale ?? null;
    }
    const scale = sar;
    const values = validSamples(scale === null ? planes : planes.map((plane) => sarToDecibel(plane, scale)));
    if (values.length === 0) continue;
    const limits = limitsOf(values, stretch);
    // Colours share one range, which keeps them.
    low = Math.min(low, limits[0]);
    high = Math.max(high, limits[1]);
  }
  if (!(low <= high)) [low, high] = [0, 1];
  return { bands, low, high: high > low ? high : low + 1, sar, stretch };
}

/** A warped window of the bands of a display as red, green, blue and alpha of 8 bits. */
export function toRgba(
  window: WarpedWindow,
  { low, high, sar }: Pick<Display, 'low' | 'high' | 'sar'>,
): Uint8ClampedArray<ArrayBuffer> {
  const { data, mask } = window;
  const out = new Uint8ClampedArray(4 * mask.length);
  const gain = 255 / (high - low);
  const decibels = sar === 'amplitude' ? 20 : 10;
  for (let c = 0; c < 3; c++) {
    const band = data[Math.min(c, data.length - 1)]!;
    for (let i = 0; i < mask.length; i++) {
      const value = sar === null ? band[i]! : decibels * Math.log10(Math.max(band[i]!, 1e-12));
      out[4 * i + c] = (value - low) * gain;
    }
  }
  for (let i = 0; i < mask.length; i++) out[4 * i + 3] = mask[i] === 0 ? 0 : 255;
  return out;
}
