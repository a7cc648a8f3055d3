import { TiepointError } from '@tiepoint/geometry';
import { xmlElement, xmlElements } from '../../georeference/xml-scan.js';
import type { NativePixels, PixelSource } from '../pixel-source.js';
import type { BandInfo, PixelWindow } from '../raster-file.js';

/** Gains at pixels along a line of the image, ascending. */
interface CalibrationVector {
  readonly line: number;
  readonly pixels: readonly number[];
  /** The denominators A of σ⁰ = DN² / A². */
  readonly gains: readonly number[];
}

/** Sigma nought: as power, or in decibels. */
export type Backscatter = 'sigma0' | 'sigma0-db';

/**
 * The gains for sigma nought of a Sentinel-1 calibration annotation (`calibrationVectorList`), by line.
 * @throws {TiepointError} `file-corrupt` where there are none.
 */
export function parseCalibration(xml: string, name: string): readonly CalibrationVector[] {
  const vectors: CalibrationVector[] = [];
  for (const { body } of xmlElements(xml, 'calibrationVector')) {
    const numbers = (element: string): number[] =>
      (xmlElement(body, element)?.body ?? '')
        .trim()
        .split(/\s+/)
        .map((text) => (text === '' ? Number.NaN : Number(text)));
    const [line, pixels, gains] = [numbers('line')[0]!, numbers('pixel'), numbers('sigmaNought')];
    const isSound = Number.isFinite(line) && pixels.length === gains.length && gains.every((gain) => gain > 0);
    if (isSound && pixels.every((pixel, i) => i === 0 || pixel > pixels[i - 1]!)) vectors.push({ line, pixels, gains });
  }
  if (vectors.length > 0) return vectors.toSorted((a, b) => a.line - b.line);
  throw new TiepointError('file-corrupt', `${name}: no calibration vector for sigma nought is there`, {
    hint: 'Fetch the product again, or use the samples as stored (--band VV).',
    value: name,
  });
}

/** The one band of `pixels` as sigma nought (float32); samples of 0, which show nothing, are NaN. */
export function calibrated(pixels: PixelSource, vectors: readonly CalibrationVector[], what: Backscatter): PixelSource {
  const [full] = pixels.levels;
  const info: BandInfo = {
    ...pixels.bands[0]!,
    dataType: 'float32',
    nodata: Number.NaN,
    unit: what === 'sigma0-db' ? 'dB' : null,
  };
  const read = async (
    level: number,
    bands: readonly number[],
    window: PixelWindow,
    signal: AbortSignal | undefined,
  ): Promise<NativePixels> => {
    const { data, mask } = await pixels.read(level, bands, window, signal);
    const size = pixels.levels[level]!;
    const step = { x: full!.width / size.width, y: full!.height / size.height };
    const gains = gainsOf(vectors, window, step);
    return { data: data.map((samples) => backscatter(samples, gains, what)), mask };
  };
  return { name: pixels.name, bands: [info], levels: pixels.levels, read };
}

function backscatter(samples: ArrayLike<number>, gains: Float64Array, what: Backscatter): Float32Array {
  const out = new Float32Array(samples.length);
  for (let i = 0; i < out.length; i++) {
    const value = (samples[i]! / gains[i]!) ** 2;
    out[i] = value > 0 ? (what === 'sigma0-db' ? 10 * Math.log10(value) : value) : Number.NaN;
  }
  return out;
}

/** Gains of a window's pixels, bilinear between vectors and between their pixels, and constant beyond them. */
function gainsOf(
  vectors: readonly CalibrationVector[],
  window: PixelWindow,
  step: { readonly x: number; readonly y: number },
): Float64Array {
  const { width, height } = window;
  const out = new Float64Array(width * height);
  const rows = new Map<CalibrationVector, Float64Array>();
  const along = (vector: CalibrationVector): Float64Array => {
    const known = rows.get(vector);
    if (known) return known;
    const row = Float64Array.from({ length: width }, (_, x) => {
      const [i, share] = between(vector.pixels, (window.x + x + 0.5) * step.x - 0.5);
      return vector.gains[i]! + share * (vector.gains[Math.min(i + 1, vector.gains.length - 1)]! - vector.gains[i]!);
    });
    rows.set(vector, row);
    return row;
  };
  const lines = vectors.map(({ line }) => line);
  for (let y = 0; y < height; y++) {
    const [i, share] = between(lines, (window.y + y + 0.5) * step.y - 0.5);
    const [above, below] = [along(vectors[i]!), along(vectors[Math.min(i + 1, vectors.length - 1)]!)];
    for (let x = 0; x < width; x++) out[y * width + x] = above[x]! + share * (below[x]! - above[x]!);
  }
  return out;
}

/** The last of some ascending places that is not beyond `at`, and how far `at` is on the way to the next, 0 to 1. */
function between(places: readonly number[], at: number): readonly [number, number] {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (places[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  const next = places[low + 1];
  if (next === undefined) return [low, 0];
  return [low, Math.max(0, (at - places[low]!) / (next - places[low]!))];
}
