import { kernelRadius } from '@tiepoint/geometry';
import { approximateRows, exactRows, linearRows, type RowMapping } from './approximate-mapping.js';
import { allocateSamples, type DataType, isIntegerType, type SampleArray } from '../formats/data-type.js';
import type { PixelWindow, RasterFile, RasterWindow } from '../formats/raster-file.js';
import { storeRow } from '../formats/geotiff/write/store-row.js';
import { bandValidity } from '../formats/validity.js';
import { sampleAreas } from './warp-areas.js';
import { wideBilinearSampler } from './warp-bilinear-wide.js';
import { type RowSampler, sampleBilinear, sampleCubic, sampleNearest, type SourceBlock } from './warp-kernels.js';
import { kernelSampler } from './warp-wide-kernels.js';
import type { PointMapping } from './warp-mapping.js';

/** Resampling by GDAL's names. */
export type WarpResampling = 'nearest' | 'bilinear' | 'cubic' | 'cubicspline' | 'lanczos' | 'average' | 'mode';

/** Every name of {@link WarpResampling}. */
export const warpResamplings: readonly WarpResampling[] = [
  'nearest',
  'bilinear',
  'cubic',
  'cubicspline',
  'lanczos',
  'average',
  'mode',
];

/** What is the same for every window of a warp; plain data. */
export interface WindowPlan {
  readonly resampling: WarpResampling;
  /** From 1. */
  readonly bands: readonly number[];
  /** Of the result; of complex bands that of their parts. */
  readonly dataType: DataType;
  /** Complex bands are warped as their parts, by the same kernel: two arrays a band. */
  readonly parts: boolean;
  /** What stands where nothing is. */
  readonly fill: number;
  /** The value no valid sample may have; null where a mask says what is valid. */
  readonly nodata: number | null;
  /** Marks missing samples of the source whatever the file says; null leaves that to the file. */
  readonly sourceNodata: number | null;
  /** Source pixels a target pixel spans along each source axis, at least 1. */
  readonly widen: readonly [number, number];
  /** The overview that is read; 0 is the full image. */
  readonly level: number;
  /** Between georeferenced grids: kernels widen as GDAL computes them. */
  readonly likeGdal: boolean;
  /** Error allowed to the approximate mapping, source px; 0 maps every pixel exactly. */
  readonly tolerance: number;
}

/** A warped window: samples of the file's type a band (two of complex ones), and what is valid in any of them. */
export interface WarpedWindow {
  readonly data: readonly SampleArray[];
  readonly mask: Uint8Array;
  readonly validCount: number;
  /** The greatest error of the approximate mapping, source px. */
  readonly error: number;
}

/** Source samples (all bands) held for one window; larger needs split the window. */
const maxSourceBytes = 64 * 1024 * 1024;

/** Warps one window of the target. @throws {TiepointError} As `RasterFile.readWindow`. */
export async function warpWindow(
  file: RasterFile,
  mapping: { map: PointMapping; linear: boolean },
  plan: WindowPlan,
  window: PixelWindow,
  signal?: AbortSignal,
): Promise<WarpedWindow> {
  const { width, height } = window;
  const level = plan.level === 0 ? file : file.overviews[plan.level - 1]!;
  const scaled = scaledMapping(mapping.map, level.width / file.width, level.height / file.height);
  const rows = mapping.linear
    ? linearRows(scaled, window.x, window.y, width)
    : plan.tolerance > 0
      ? approximateRows(scaled, window.x, window.y, width, height, plan.tolerance)
      : exactRows(scaled, window.x, window.y, width);
  const widen: [number, number] = [
    Math.max(1, (plan.widen[0] * level.width) / file.width),
    Math.max(1, (plan.widen[1] * level.height) / file.height),
  ];
  const source = sourceWindow(rows, width, height, level, plan.resampling, widen);
  if (!source) return emptyWindow(plan, width, height);
  const bytes = source.width * source.height * arrayCount(plan) * 8;
  if (bytes > maxSourceBytes && (width > 16 || height > 16)) {
    return splitWindow(file, mapping, plan, window, signal);
  }
  const read = await file.readWindow({
    bands: plan.bands,
    window: source,
    level: plan.level,
    complex: plan.parts ? 'parts' : 'magnitude',
    signal,
  });
  if (plan.parts) return resample(complexBlocks(read, source, file, plan), rows, plan, widen, width, height);
  const blocks = read.data.map((data, i): SourceBlock => {
    const info = file.bands[plan.bands[i]! - 1]!;
    const { dataType } = info;
    const valid = bandValidity(data, dataType, info.nodata, read.mask ?? null);
    const { sourceNodata } = plan;
    const named = sourceNodata === null ? null : bandValidity(data, dataType, sourceNodata, null);
    return { ...source, data, valid: valid && named ? valid.map((v, k) => v & named[k]!) : (valid ?? named) };
  });
  return resample(blocks, rows, plan, widen, width, height);
}

/** Arrays that a window has: one a band, two of complex ones. */
function arrayCount({ bands, parts }: WindowPlan): number {
  return bands.length * (parts ? 2 : 1);
}

/** Both parts of each band, valid where its magnitude is. */
function complexBlocks(
  { data, mask }: RasterWindow,
  source: PixelWindow,
  file: RasterFile,
  plan: WindowPlan,
): SourceBlock[] {
  return plan.bands.flatMap((band, i) => {
    const [real, imaginary] = [data[2 * i]!, data[2 * i + 1]!];
    const magnitude = Float32Array.from(real, (value, k) => Math.hypot(value, imaginary[k]!));
    const nodata = plan.sourceNodata ?? file.bands[band - 1]!.nodata;
    const valid = bandValidity(magnitude, 'float32', nodata === null ? null : Math.abs(nodata), mask ?? null);
    return [real, imaginary].map((part) => ({ ...source, data: part, valid }));
  });
}

function resample(
  blocks: readonly SourceBlock[],
  rows: RowMapping,
  plan: WindowPlan,
  widen: readonly [number, number],
  width: number,
  height: number,
): WarpedWindow {
  const data = blocks.map(() => allocateSamples(plan.dataType, width * height));
  const mask = new Uint8Array(width * height);
  const points = new Float64Array(2 * width);
  const opposite = new Float64Array(2 * width);
  const values = new Float64Array(width);
  const valid = new Uint8Array(width);
  const areas = plan.resampling === 'average' || plan.resampling === 'mode' ? plan.resampling : null;
  const sampler = chooseSampler(plan, widen);
  // A mask says what is valid in any band; one band's own gaps are told apart only by NaN.
  const hole = plan.nodata === null && !isIntegerType(plan.dataType) ? Number.NaN : plan.fill;
  let validCount = 0;
  for (let row = 0; row < height; row++) {
    rows.row(row, areas ? 0 : 0.5, areas ? 0 : 0.5, points);
    if (areas) rows.row(row, 1, 1, opposite);
    for (const [b, block] of blocks.entries()) {
      if (sampler) sampler(block, points, width, values, valid);
      else sampleAreas(block, areas!, points, opposite, width, values, valid);
      storeRow(values, valid, width, plan.dataType, plan.nodata, hole, data[b]!, row * width);
      const base = row * width;
      if (b === 0) mask.set(valid, base);
      else for (let i = 0; i < width; i++) if (valid[i]) mask[base + i] = 1;
    }
    if (Number.isNaN(hole)) fillUncovered(data, mask, row * width, width, plan.fill);
  }
  for (let i = 0; i < mask.length; i++) validCount += mask[i]!;
  return { data, mask, validCount, error: rows.error };
}

function fillUncovered(
  data: readonly SampleArray[],
  mask: Uint8Array,
  from: number,
  count: number,
  fill: number,
): void {
  for (let i = from; i < from + count; i++) {
    if (mask[i] === 0) for (const band of data) band[i] = fill;
  }
}

/** The sampler at points; null for those over areas. */
function chooseSampler(plan: WindowPlan, widen: readonly [number, number]): RowSampler | null {
  const { resampling } = plan;
  if (resampling === 'average' || resampling === 'mode') return null;
  if (resampling === 'nearest') return sampleNearest;
  const plain = widen[0] <= 1 / 0.95 && widen[1] <= 1 / 0.95;
  if (plain && resampling === 'bilinear') return sampleBilinear;
  if (plain && resampling === 'cubic') return sampleCubic;
  if (resampling === 'bilinear' && widen[0] <= 1.5 && widen[1] <= 1.5) return wideBilinearSampler(widen[0], widen[1]);
  return kernelSampler(resampling, widen[0], widen[1], plan.likeGdal);
}

function scaledMapping(map: PointMapping, scaleX: number, scaleY: number): PointMapping {
  if (scaleX === 1 && scaleY === 1) return map;
  return (points) => {
    map(points);
    for (let i = 0; i + 1 < points.length; i += 2) {
      points[i] = points[i]! * scaleX;
      points[i + 1] = points[i + 1]! * scaleY;
    }
  };
}

/** The part of the source the window needs, with the kernel's reach; null where it is all outside. */
function sourceWindow(
  rows: RowMapping,
  width: number,
  height: number,
  level: { width: number; height: number },
  resampling: WarpResampling,
  widen: readonly [number, number],
): PixelWindow | null {
  const points = new Float64Array(2 * width);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  // Every 16th row, and the window's upper and lower edge; between them the image bends little.
  for (let row = 0; ; row = Math.min(row + 16, height - 1)) {
    for (const side of [0, 1]) {
      rows.row(row, side, row === height - 1 ? 1 : side, points);
      for (let i = 0; i < width; i++) {
        const x = points[2 * i]!;
        const y = points[2 * i + 1]!;
        // Comparisons with NaN are false.
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
      }
    }
    if (row === height - 1) break;
  }
  const radius = resampling === 'average' || resampling === 'mode' ? 1 : kernelRadius[resampling];
  const marginX = radius * widen[0] + 3 + (right - left) * 0.01;
  const marginY = radius * widen[1] + 3 + (bottom - top) * 0.01;
  const x0 = Math.max(0, Math.floor(left - marginX));
  const y0 = Math.max(0, Math.floor(top - marginY));
  const x1 = Math.min(level.width, Math.ceil(right + marginX));
  const y1 = Math.min(level.height, Math.ceil(bottom + marginY));
  return x1 > x0 && y1 > y0 ? { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } : null;
}

async function splitWindow(
  file: RasterFile,
  mapping: { map: PointMapping; linear: boolean },
  plan: WindowPlan,
  window: PixelWindow,
  signal: AbortSignal | undefined,
): Promise<WarpedWindow> {
  const wide = window.width >= window.height;
  const half = (wide ? window.width : window.height) >> 1;
  const parts: PixelWindow[] = wide
    ? [
        { ...window, width: half },
        { ...window, x: window.x + half, width: window.width - half },
      ]
    : [
        { ...window, height: half },
        { ...window, y: window.y + half, height: window.height - half },
      ];
  const out = emptyWindow(plan, window.width, window.height);
  let { validCount, error } = out;
  for (const part of parts) {
    signal?.throwIfAborted();
    const warped = await warpWindow(file, mapping, plan, part, signal);
    for (let y = 0; y < part.height; y++) {
      const to = (y + part.y - window.y) * window.width + part.x - window.x;
      const from = { start: y * part.width, end: (y + 1) * part.width };
      for (const [b, band] of out.data.entries()) band.set(warped.data[b]!.subarray(from.start, from.end), to);
      out.mask.set(warped.mask.subarray(from.start, from.end), to);
    }
    validCount += warped.validCount;
    error = Math.max(error, warped.error);
  }
  return { ...out, validCount, error };
}

function emptyWindow(plan: WindowPlan, width: number, height: number): WarpedWindow {
  const data = Array.from({ length: arrayCount(plan) }, () => {
    const band = allocateSamples(plan.dataType, width * height);
    return plan.fill === 0 ? band : band.fill(plan.fill);
  });
  return { data, mask: new Uint8Array(width * height), validCount: 0, error: 0 };
}
