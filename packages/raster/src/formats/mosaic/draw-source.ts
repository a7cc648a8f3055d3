import { TiepointError } from '@tiepoint/geometry';
import { checkPixels, type PixelSource } from '../pixel-source.js';
import { resampleNearestOrBilinear } from '../plane-sampling.js';
import type { PixelWindow } from '../raster-file.js';
import type { SamplingGrid } from '../sampling-grid.js';
import { readPlane } from '../read-plane.js';
import { bandValidity } from '../validity.js';
import type { RasterPool } from './raster-pool.js';

/** A rectangle that need not be of whole pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A part of a raster, and where it is drawn. */
export interface MosaicSource {
  /** The file, as the pool knows it. */
  readonly file: string;
  /** From 0. */
  readonly band: number;
  /** Draws the band's validity (255 or 0) in place of its values. */
  readonly ofMask: boolean;
  /** The part in pixels of the source; null is all of it. */
  readonly from: Rectangle | null;
  /** Where it lies in pixels of the mosaic. */
  readonly to: Rectangle;
  /** Samples of this value draw nothing; null where all do. */
  readonly nodata: number | null;
  /** Leaves out what the file itself says is not valid. */
  readonly masked: boolean;
  /** From samples to values; null leaves them. */
  readonly convert: ((value: number) => number) | null;
}

/** The part of a mosaic that is drawn: a window of a level whose pixels are `scaleX` × `scaleY` of the mosaic's. */
interface View {
  readonly window: PixelWindow;
  readonly scaleX: number;
  readonly scaleY: number;
}

/** Less than this of a pixel is none of it. */
const rounding = 0.001;

/** Draws what a source shows of a view into `values`, row-major over the view's window. */
export async function drawSource(
  source: MosaicSource,
  { window, scaleX, scaleY }: View,
  values: Float32Array | Float64Array,
  pool: RasterPool,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { to } = source;
  // Every pixel that the rectangle touches, as GDAL rounds it.
  const x0 = Math.max(window.x, Math.floor(to.x / scaleX + rounding));
  const x1 = Math.min(window.x + window.width, Math.ceil((to.x + to.width) / scaleX - rounding));
  const y0 = Math.max(window.y, Math.floor(to.y / scaleY + rounding));
  const y1 = Math.min(window.y + window.height, Math.ceil((to.y + to.height) / scaleY - rounding));
  if (x0 >= x1 || y0 >= y1) return;
  await pool.use(source.file, async (pixels) => {
    const full = pixels.levels[0]!;
    if (source.band >= pixels.bands.length) {
      throw new TiepointError('no-such-band', `${pixels.name}: there is no band ${source.band + 1}`, {
        hint: 'Check what the file that names it says.',
        value: source.band + 1,
      });
    }
    const from = source.from ?? { x: 0, y: 0, width: full.width, height: full.height };
    // Centres of the view's pixels in pixels of the source.
    const stepX = (scaleX * from.width) / to.width;
    const stepY = (scaleY * from.height) / to.height;
    const grid = {
      left: from.x + (x0 * scaleX - to.x) * (from.width / to.width),
      top: from.y + (y0 * scaleY - to.y) * (from.height / to.height),
      stepX,
      stepY,
      width: x1 - x0,
      height: y1 - y0,
    };
    const reduced = scaleX > 1 || scaleY > 1;
    const read = reduced
      ? await readReduced(pixels, source, grid, signal)
      : await readNearest(pixels, source, grid, signal);
    for (let y = y0; y < y1; y++) {
      let i = (y - y0) * grid.width;
      let at = (y - window.y) * window.width + x0 - window.x;
      for (let x = x0; x < x1; x++, i++, at++) {
        if (read.valid !== null && read.valid[i] === 0) continue;
        const value = read.values[i]!;
        values[at] = source.convert === null ? value : source.convert(value);
      }
    }
  });
}

interface Drawn {
  readonly values: ArrayLike<number>;
  readonly valid: Uint8Array | null;
}

/** The sample each centre falls into. */
async function readNearest(
  pixels: PixelSource,
  source: MosaicSource,
  grid: SamplingGrid,
  signal: AbortSignal | undefined,
): Promise<Drawn> {
  const level = levelFor(pixels, Math.min(grid.stepX, grid.stepY));
  const [full, size] = [pixels.levels[0]!, pixels.levels[level]!];
  const [shrinkX, shrinkY] = [size.width / full.width, size.height / full.height];
  const columns = indices(grid.left * shrinkX, grid.stepX * shrinkX, grid.width, size.width);
  const rows = indices(grid.top * shrinkY, grid.stepY * shrinkY, grid.height, size.height);
  const [x, y] = [Math.min(columns[0]!, columns.at(-1)!), Math.min(rows[0]!, rows.at(-1)!)];
  const window = {
    x,
    y,
    width: Math.abs(columns.at(-1)! - columns[0]!) + 1,
    height: Math.abs(rows.at(-1)! - rows[0]!) + 1,
  };
  checkPixels(pixels.name, window.width, window.height);
  const { data, mask } = await pixels.read(level, [source.band], window, signal);
  const samples = data[0]!;
  const { dataType, nodata } = pixels.bands[source.band]!;
  const named = source.nodata === null ? null : bandValidity(samples, dataType, source.nodata, null);
  const own = source.masked || source.ofMask ? bandValidity(samples, dataType, nodata, mask) : null;
  const count = grid.width * grid.height;
  const values = new Float64Array(count);
  const valid = named || (own && source.masked) ? new Uint8Array(count) : null;
  for (let i = 0, row = 0; row < grid.height; row++) {
    const base = (rows[row]! - y) * window.width - x;
    for (let column = 0; column < grid.width; column++, i++) {
      const at = base + columns[column]!;
      values[i] = source.ofMask ? (own === null || own[at] === 1 ? 255 : 0) : samples[at]!;
      if (valid) valid[i] = (named?.[at] ?? 1) & (source.masked ? (own?.[at] ?? 1) : 1);
    }
  }
  return { values, valid };
}

/** The overview that GDAL takes for samples that lie `step` px apart. */
function levelFor({ levels }: PixelSource, step: number): number {
  const reduction = (level: number): number => levels[0]!.width / levels[level]!.width;
  return levels.reduce((best, _, i) => (reduction(i) < 1.2 * step && reduction(i) > reduction(best) ? i : best), 0);
}

/** The sample a centre falls into, for each of `count`, kept inside the source. */
function indices(start: number, step: number, count: number, size: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) =>
    Math.min(size - 1, Math.max(0, Math.floor(start + (i + 0.5) * step + 1e-10))),
  );
}

/** Means of what the view's pixels cover, or bilinear where they are no larger than the source's. */
async function readReduced(
  pixels: PixelSource,
  source: MosaicSource,
  grid: SamplingGrid,
  signal: AbortSignal | undefined,
): Promise<Drawn> {
  const full = pixels.levels[0]!;
  const range = (start: number, step: number, count: number, size: number): [number, number] => {
    const margin = 2 * Math.max(1, step);
    const low = Math.max(0, Math.min(size - 1, Math.floor(start - margin)));
    const high = Math.max(low + 1, Math.min(size, Math.ceil(start + step * count + margin)));
    return [low, high];
  };
  const [x0, x1] = range(grid.left, grid.stepX, grid.width, full.width);
  const [y0, y1] = range(grid.top, grid.stepY, grid.height, full.height);
  const window = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
  const described = describedFor(pixels, source);
  const width = Math.max(1, Math.round(window.width / Math.max(1, grid.stepX)));
  const height = Math.max(1, Math.round(window.height / Math.max(1, grid.stepY)));
  const plane = await readPlane(described, { band: source.band + 1, window, width, height, signal });
  const [perX, perY] = [window.width / width, window.height / height];
  const placed = resampleNearestOrBilinear(
    plane,
    {
      left: (grid.left - x0) / perX,
      top: (grid.top - y0) / perY,
      stepX: grid.stepX / perX,
      stepY: grid.stepY / perY,
      width: grid.width,
      height: grid.height,
    },
    source.ofMask ? 'nearest' : 'bilinear',
  );
  if (!source.ofMask) return { values: placed.data, valid: placed.mask ?? null };
  return { values: Uint8Array.from(placed.data, (_, i) => (placed.mask?.[i] === 0 ? 0 : 255)), valid: null };
}

/** The source's pixels with the nodata value that counts where it is drawn. */
function describedFor(pixels: PixelSource, { band, nodata, masked, ofMask }: MosaicSource): PixelSource {
  if (masked || ofMask) return pixels;
  const bands = pixels.bands.map((info, i) => (i === band ? { ...info, nodata } : info));
  const read: PixelSource['read'] = async (level, wanted, window, signal) => {
    const { data } = await pixels.read(level, wanted, window, signal);
    return { data, mask: null };
  };
  return { ...pixels, bands, read };
}
