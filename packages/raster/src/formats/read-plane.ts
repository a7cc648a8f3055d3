import type { SamplingGrid } from './sampling-grid.js';
import { type Plane, TiepointError } from '@tiepoint/geometry';
import { resampleNearestOrBilinear } from './plane-sampling.js';
import { bandIndex, checkPixels, checkWindow, type PixelSource } from './pixel-source.js';
import type { PixelWindow, ReadPlaneOptions } from './raster-file.js';
import { bandValidity } from './validity.js';

const redGreenBlue = [0.299, 0.587, 0.114] as const;
/** Rows decoded at a time when a large window is reduced. */
const stripBytes = 16 * 1024 * 1024;

/** Reads a band as floats at the size asked for: the generic half of `RasterFile.readPlane`. */
export async function readPlane(source: PixelSource, options: ReadPlaneOptions = {}): Promise<Plane> {
  const full = source.levels[0]!;
  const window = options.window ?? { x: 0, y: 0, width: full.width, height: full.height };
  checkWindow(source.name, window, full.width, full.height);
  const { width, height } = targetSize(source.name, window, options);
  checkPixels(source.name, width, height);
  const bands = chooseBands(source, options.band ?? 'luminance');
  const { signal, unscale = false } = options;
  const resampling = options.resampling ?? 'average';

  const levelIndex = chooseLevel(source, window.width / width, window.height / height);
  const level = source.levels[levelIndex]!;
  // The window in pixels of the level; its edges need not be whole.
  const scaleX = level.width / full.width;
  const scaleY = level.height / full.height;
  const left = window.x * scaleX;
  const top = window.y * scaleY;
  const right = (window.x + window.width) * scaleX;
  const bottom = (window.y + window.height) * scaleY;
  const stepX = (right - left) / width;
  const stepY = (bottom - top) / height;

  const readRows = (x: number, y: number, w: number, h: number): Promise<Plane> =>
    readFloats(source, levelIndex, bands, { x, y, width: w, height: h }, unscale, signal);

  if (stepX === 1 && stepY === 1 && Number.isInteger(left) && Number.isInteger(top)) {
    return readRows(left, top, width, height);
  }
  const x0 = Math.max(0, Math.floor(left) - 1);
  const x1 = Math.min(level.width, Math.ceil(right) + 1);
  if (resampling !== 'average' || stepX < 1 || stepY < 1) {
    const y0 = Math.max(0, Math.floor(top) - 1);
    const y1 = Math.min(level.height, Math.ceil(bottom) + 1);
    checkPixels(source.name, x1 - x0, y1 - y0);
    const plane = await readRows(x0, y0, x1 - x0, y1 - y0);
    const grid = { left: left - x0, top: top - y0, stepX, stepY, width, height };
    return resampleNearestOrBilinear(plane, grid, resampling === 'nearest' ? 'nearest' : 'bilinear');
  }
  return averageStrips(level, { left, top, stepX, stepY, width, height }, x0, x1, readRows, signal);
}

async function averageStrips(
  level: { width: number; height: number; blockHeight: number },
  grid: SamplingGrid,
  x0: number,
  x1: number,
  readRows: (x: number, y: number, w: number, h: number) => Promise<Plane>,
  signal: AbortSignal | undefined,
): Promise<Plane> {
  const { left, top, stepX, stepY, width, height } = grid;
  // A source row reaches two target rows at most: only those are summed at a time.
  const sums = new Float64Array(2 * width);
  const weights = new Float64Array(2 * width);
  const data = new Float32Array(width * height);
  let mask: Uint8Array | undefined;
  let open = 0;
  const closeBelow = (target: number): void => {
    for (; open < target; open++) {
      const slot = (open % 2) * width;
      for (let i = 0; i < width; i++) {
        if (weights[slot + i]! > 1e-9) data[open * width + i] = sums[slot + i]! / weights[slot + i]!;
        else {
          mask ??= new Uint8Array(data.length).fill(1);
          mask[open * width + i] = 0;
        }
      }
      sums.fill(0, slot, slot + width);
      weights.fill(0, slot, slot + width);
    }
  };
  const firstRow = Math.max(0, Math.floor(top));
  const lastRow = Math.min(level.height, Math.ceil(top + height * stepY - 1e-9));
  const wanted = Math.max(1, Math.floor(stripBytes / 4 / (x1 - x0)));
  const rows = Math.max(1, Math.floor(wanted / level.blockHeight) * level.blockHeight || wanted);
  for (let y = firstRow; y < lastRow;) {
    signal?.throwIfAborted();
    // Strips end where blocks end, so that no block is decoded twice.
    const end = Math.min(lastRow, (Math.floor(y / rows) + 1) * rows);
    const strip = await readRows(x0, y, x1 - x0, end - y);
    for (let row = y; row < end; row++) {
      // The target rows this row overlaps, and by how much.
      const from = Math.max(0, Math.floor((row - top) / stepY));
      const to = Math.min(height - 1, Math.floor((row + 1 - top) / stepY));
      closeBelow(Math.min(from, height));
      for (let target = from; target <= to; target++) {
        const low = Math.max(row, top + target * stepY);
        const high = Math.min(row + 1, top + (target + 1) * stepY);
        if (high > low)
          addRow(strip, row - y, high - low, left - x0, stepX, sums, weights, (target % 2) * width, width);
      }
    }
    y = end;
  }
  closeBelow(height);
  return mask ? { width, height, data, mask } : { width, height, data };
}

/** Adds one source row, weighted by its height, to a row of target sums. */
function addRow(
  strip: Plane,
  row: number,
  weightY: number,
  left: number,
  stepX: number,
  sums: Float64Array,
  weights: Float64Array,
  targetOffset: number,
  width: number,
): void {
  const { data, mask } = strip;
  const base = row * strip.width;
  for (let i = 0; i < width; i++) {
    const low = left + i * stepX;
    const high = low + stepX;
    const last = Math.min(strip.width, Math.ceil(high - 1e-9));
    let sum = 0;
    let weight = 0;
    for (let x = Math.max(0, Math.floor(low)); x < last; x++) {
      if (mask && mask[base + x] === 0) continue;
      const w = Math.min(x + 1, high) - Math.max(x, low);
      sum += w * data[base + x]!;
      weight += w;
    }
    sums[targetOffset + i] = sums[targetOffset + i]! + sum * weightY;
    weights[targetOffset + i] = weights[targetOffset + i]! + weight * weightY;
  }
}

/** Reads bands of a level's window and combines them by weight into one float plane. */
async function readFloats(
  source: PixelSource,
  level: number,
  bands: readonly { index: number; weight: number }[],
  window: PixelWindow,
  unscale: boolean,
  signal: AbortSignal | undefined,
): Promise<Plane> {
  const { width, height } = window;
  checkPixels(source.name, width, height);
  const native = await source.read(
    level,
    bands.map((b) => b.index),
    window,
    signal,
  );
  const out = new Float32Array(width * height);
  let mask: Uint8Array | null = native.mask;
  for (const [n, { index, weight }] of bands.entries()) {
    const info = source.bands[index]!;
    const samples = native.data[n]!;
    mask = bandValidity(samples, info.dataType, info.nodata, mask);
    const gain = weight * (unscale ? info.scale : 1);
    const offset = weight * (unscale ? info.offset : 0);
    if (n === 0 && gain === 1 && offset === 0) out.set(samples);
    else for (let i = 0; i < out.length; i++) out[i] = out[i]! + gain * samples[i]! + offset;
  }
  if (!mask) return { width, height, data: out };
  let all = true;
  for (let i = 0; i < out.length; i++) {
    if (mask[i] === 0) {
      out[i] = 0;
      all = false;
    }
  }
  return all ? { width, height, data: out } : { width, height, data: out, mask };
}

/** The smallest level that still has at least the resolution asked for. */
function chooseLevel(source: PixelSource, reductionX: number, reductionY: number): number {
  const full = source.levels[0]!;
  let chosen = 0;
  for (const [i, level] of source.levels.entries()) {
    const fits = full.width / level.width <= reductionX * 1.01 && full.height / level.height <= reductionY * 1.01;
    if (fits && level.width <= source.levels[chosen]!.width) chosen = i;
  }
  return chosen;
}

function chooseBands(source: PixelSource, band: number | 'luminance'): { index: number; weight: number }[] {
  if (band !== 'luminance') return [{ index: bandIndex(source, band), weight: 1 }];
  const colours = (['red', 'green', 'blue'] as const).map((name) =>
    source.bands.findIndex((b) => b.colorInterpretation === name),
  );
  if (colours.every((index) => index >= 0)) {
    return colours.map((index, i) => ({ index, weight: redGreenBlue[i]! }));
  }
  return [{ index: 0, weight: 1 }];
}

function targetSize(name: string, window: PixelWindow, options: ReadPlaneOptions): { width: number; height: number } {
  const ratio = window.height / window.width;
  const width = options.width ?? (options.height ? Math.max(1, Math.round(options.height / ratio)) : window.width);
  const height = options.height ?? (options.width ? Math.max(1, Math.round(options.width * ratio)) : window.height);
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new TiepointError('invalid-size', `${name}: an image of ${width}×${height} pixels cannot be made`, {
      hint: 'Width and height are whole numbers from 1.',
      value: { width, height },
    });
  }
  return { width, height };
}
