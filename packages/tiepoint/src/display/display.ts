import { type Plane, quantile } from '@tiepoint/geometry';
import { type RasterFile, type SarScale, sarToDecibel, type WarpedWindow } from '@tiepoint/raster';
import { linearSarScale } from '../inputs/linear-sar-scale.js';

/** How an image is shown: which bands, and which of their values are black and white. Plain data. */
export interface Display {
  /** One (grey) or three (red, green, blue), from 1. */
  readonly bands: readonly number[];
  /** What is shown black and what white, in samples of the file, or decibels where `sar` names a scale. */
  readonly low: number;
  readonly high: number;
  /** The scale of linear SAR, which is shown in decibels; null of anything else. */
  readonly sar: SarScale | null;
}

/** Side of the overview that the range is measured on, px, and of the samples taken where there is none so small. */
const measured = { overview: 1024, sample: 128, samples: 3 } as const;

/** The bands that show an image: red, green and blue where it has them. */
export function usualBands(file: Pick<RasterFile, 'bands'>): readonly number[] {
  const colours = (['red', 'green', 'blue'] as const).map(
    (name) => file.bands.find(({ colorInterpretation }) => colorInterpretation === name)?.index,
  );
  return colours.every((index) => index !== undefined) ? colours : [1];
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

/**
 * Chooses how an image is shown: its colours or its first band, the middle 98 % of the values between black and white, linear SAR in
 * decibels.
 *
 * @param bands - to show these in place of the usual ones
 * @throws TiepointError as `RasterFile.readPlane`
 */
export async function chooseDisplay(
  file: RasterFile,
  bands: readonly number[] = usualBands(file),
  signal?: AbortSignal,
): Promise<Display> {
  let [low, high] = [Infinity, -Infinity];
  let sar: SarScale | null = null;
  for (const band of bands) {
    const planes = await readSample(file, band, signal);
    if (bands.length === 1) sar = linearSarScale(planes[0]!, file.bands[band - 1]?.dataType)?.scale ?? null;
    const scale = sar;
    const values = validSamples(scale === null ? planes : planes.map((plane) => sarToDecibel(plane, scale)));
    if (values.length === 0) continue;
    // Colours share one range, which keeps them.
    low = Math.min(low, quantile(values, 0.01));
    high = Math.max(high, quantile(values, 0.99));
  }
  if (!(low <= high)) [low, high] = [0, 1];
  return { bands, low, high: high > low ? high : low + 1, sar };
}

/** A warped window of the bands of a display as red, green, blue and alpha of 8 bits. */
export function toRgba(window: WarpedWindow, { low, high, sar }: Display): Uint8ClampedArray<ArrayBuffer> {
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
