import { kernelRadius, kernelWeight } from '@tiepoint/geometry';
import { convertSamples } from '../codecs/convert-samples.js';
import { allocateSamples, type DataType, type SampleArray } from '../../data-type.js';
import { halveRows } from './overview-halving.js';
import { usableNodata } from '../../validity.js';
import type { RowBlock } from './write-options.js';

/** How overviews are made, by GDAL's names. */
export type OverviewResampling = 'nearest' | 'average' | 'bilinear' | 'cubic' | 'cubicspline' | 'lanczos' | 'mode';

/** Every name of {@link OverviewResampling}. */
export const overviewResamplings: readonly OverviewResampling[] = [
  'nearest',
  'average',
  'bilinear',
  'cubic',
  'cubicspline',
  'lanczos',
  'mode',
];

/** Makes a smaller image of rows that come from top to bottom. */
export interface OverviewReducer {
  /** Takes rows; gives those of the smaller image that are complete by now, or null. */
  push(block: RowBlock): RowBlock | null;
}

/** Which source samples a target sample is made of, along one axis. */
interface Taps {
  readonly start: Int32Array;
  readonly count: Int32Array;
  /** `width` weights a target sample, summing to 1. */
  readonly weights: Float64Array;
  readonly width: number;
}

/**
 * A reducer from one size to a smaller one. Invalid samples (mask, nodata, NaN) carry no weight; a target sample is
 * valid where any sample it averages is, or, for the wider kernels, where those around its centre weigh enough.
 * Memory: the rows a kernel spans.
 */
export function createReducer(
  from: { width: number; height: number },
  to: { width: number; height: number },
  bands: number,
  type: DataType,
  nodata: number | null,
  masked: boolean,
  how: OverviewResampling,
): OverviewReducer {
  const even = from.width === 2 * to.width && from.height === 2 * to.height;
  const plain = !masked && nodata === null && !type.startsWith('float');
  if (how === 'average' && even && plain) return halvingReducer(from, bands, type);
  const across = makeTaps(from.width, to.width, how);
  const down = makeTaps(from.height, to.height, how);
  const kept: SourceRow[] = [];
  let firstKept = 0;
  let received = 0;
  let produced = 0;
  const gap = usableNodata(nodata, type);
  return {
    push: (block) => {
      for (let row = 0; row < block.rows; row++) {
        kept.push(
          how === 'mode' || how === 'nearest'
            ? copyRow(block, row, from.width)
            : reduceRow(block, row, from.width, across, gap, to.width),
        );
        received++;
      }
      const ready: SourceRow[][] = [];
      while (produced < to.height && received >= down.start[produced]! + down.count[produced]!) {
        const start = down.start[produced]!;
        kept.splice(0, start - firstKept);
        firstKept = Math.max(firstKept, start);
        ready.push(kept.slice(0, down.count[produced]!));
        produced++;
      }
      if (ready.length === 0) return null;
      const out = emptyBlock(ready.length, to.width, bands, type, masked);
      for (const [i, rows] of ready.entries()) {
        const target = produced - ready.length + i;
        if (how === 'mode') modeRow(rows, across, gap, out, i, to.width);
        else if (how === 'nearest') pickRow(rows[0]!, across, out, i, to.width);
        else blendRow(rows, down, target, how, nodata, type, out, i, to.width);
      }
      return out;
    },
  };
}

/** One row of the source, already reduced across where that is possible. */
interface SourceRow {
  /** A band each: weighted sums, or plain samples. */
  readonly sums: readonly (Float64Array | SampleArray)[];
  /** The weights of what was valid, a band each; null where all is. */
  readonly weights: readonly (Float64Array | null)[];
  readonly mask: Uint8Array | null;
}

function makeTaps(from: number, to: number, how: OverviewResampling): Taps {
  const ratio = from / to;
  const box = how === 'average' || how === 'mode';
  const radius = box ? ratio / 2 : how === 'nearest' ? 0.5 : kernelRadius[how] * ratio;
  const width = Math.ceil(2 * radius) + 2;
  const start = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float64Array(to * width);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * ratio;
    if (how === 'nearest') {
      start[i] = Math.min(from - 1, Math.floor(centre));
      count[i] = 1;
      weights[i * width] = 1;
      continue;
    }
    const low = Math.max(0, Math.floor(centre - radius + 1e-9));
    const high = Math.min(from, Math.ceil(centre + radius - 1e-9));
    start[i] = low;
    count[i] = high - low;
    let sum = 0;
    for (let s = low; s < high; s++) {
      const w = box
        ? Math.min(s + 1, centre + radius) - Math.max(s, centre - radius)
        : kernelWeight(how, (s + 0.5 - centre) / ratio);
      weights[i * width + s - low] = w;
      sum += w;
    }
    for (let k = 0; k < high - low; k++) weights[i * width + k] = weights[i * width + k]! / sum;
  }
  return { start, count, weights, width };
}

function copyRow(block: RowBlock, row: number, width: number): SourceRow {
  return {
    sums: block.data.map((band) => band.slice(row * width, (row + 1) * width)),
    weights: block.data.map(() => null),
    mask: block.mask ? block.mask.slice(row * width, (row + 1) * width) : null,
  };
}

function reduceRow(
  block: RowBlock,
  row: number,
  width: number,
  taps: Taps,
  nodata: number | null,
  target: number,
): SourceRow {
  const sums: Float64Array[] = [];
  const weights: (Float64Array | null)[] = [];
  const base = row * width;
  for (const band of block.data) {
    const float = band instanceof Float32Array || band instanceof Float64Array;
    const check = block.mask !== undefined || nodata !== null || float;
    const sum = new Float64Array(target);
    const weight = check ? new Float64Array(target) : null;
    for (let i = 0; i < target; i++) {
      const first = base + taps.start[i]!;
      const n = taps.count[i]!;
      const w = i * taps.width;
      let total = 0;
      if (!weight) {
        for (let k = 0; k < n; k++) total += taps.weights[w + k]! * band[first + k]!;
      } else {
        let valid = 0;
        for (let k = 0; k < n; k++) {
          const value = band[first + k]!;
          const bad = block.mask ? block.mask[first + k] === 0 : value === nodata;
          // NaN is the one value that differs from itself.
          if (bad || value !== value) continue;
          total += taps.weights[w + k]! * value;
          valid += taps.weights[w + k]!;
        }
        weight[i] = valid;
      }
      sum[i] = total;
    }
    sums.push(sum);
    weights.push(weight);
  }
  return { sums, weights, mask: null };
}

function blendRow(
  rows: readonly SourceRow[],
  down: Taps,
  target: number,
  how: OverviewResampling,
  nodata: number | null,
  type: DataType,
  out: RowBlock,
  row: number,
  width: number,
): void {
  const least = how === 'average' ? 1e-9 : 0.25;
  const fill = nodata ?? (type.startsWith('float') && !out.mask ? Number.NaN : 0);
  const blended = new Float64Array(width);
  for (const [b, band] of out.data.entries()) {
    for (let i = 0; i < width; i++) {
      let sum = 0;
      let weight = 0;
      for (const [k, source] of rows.entries()) {
        const w = down.weights[target * down.width + k]!;
        sum += w * source.sums[b]![i]!;
        weight += w * (source.weights[b]?.[i] ?? 1);
      }
      const valid = weight > least;
      blended[i] = valid ? sum / weight : fill;
      if (out.mask && b === 0) out.mask[row * width + i] = valid ? 1 : 0;
    }
    const typed = convertSamples(blended, type);
    band.set(typed, row * width);
  }
}

function pickRow(source: SourceRow, across: Taps, out: RowBlock, row: number, width: number): void {
  for (const [b, band] of out.data.entries()) {
    for (let i = 0; i < width; i++) band[row * width + i] = source.sums[b]![across.start[i]!]!;
  }
  if (out.mask) for (let i = 0; i < width; i++) out.mask[row * width + i] = source.mask?.[across.start[i]!] ?? 1;
}

/** The commonest valid value; the first met wins a draw, as in GDAL. */
function modeRow(
  rows: readonly SourceRow[],
  across: Taps,
  nodata: number | null,
  out: RowBlock,
  row: number,
  width: number,
): void {
  const counts = new Map<number, number>();
  for (const [b, band] of out.data.entries()) {
    for (let i = 0; i < width; i++) {
      counts.clear();
      let best = Number.NaN;
      let most = 0;
      for (const source of rows) {
        for (let x = across.start[i]!; x < across.start[i]! + across.count[i]!; x++) {
          const value = source.sums[b]![x]!;
          const bad = source.mask ? source.mask[x] === 0 : value === nodata;
          if (bad || value !== value) continue;
          const count = (counts.get(value) ?? 0) + 1;
          counts.set(value, count);
          if (count > most) {
            most = count;
            best = value;
          }
        }
      }
      band[row * width + i] = most > 0 ? best : (nodata ?? best);
      if (out.mask && b === 0) out.mask[row * width + i] = most > 0 ? 1 : 0;
    }
  }
}

function halvingReducer(from: { width: number }, bands: number, type: DataType): OverviewReducer {
  // An odd row waits for its partner.
  let waiting: SampleArray[] | null = null;
  return {
    push: (block) => {
      const { width } = from;
      const before = waiting ? 1 : 0;
      const total = before + block.rows;
      const rows = total >> 1;
      const out = emptyBlock(rows, width / 2, bands, type, false);
      for (let b = 0; b < bands; b++) {
        halveRows(waiting?.[b] ?? null, block.data[b]!, width, rows, out.data[b]!);
      }
      const odd = total & 1;
      waiting = odd ? block.data.map((band) => band.slice((block.rows - 1) * width, block.rows * width)) : null;
      return rows > 0 ? out : null;
    },
  };
}

function emptyBlock(rows: number, width: number, bands: number, type: DataType, masked: boolean): RowBlock {
  return {
    rows,
    data: Array.from({ length: bands }, () => allocateSamples(type, rows * width)),
    mask: masked ? new Uint8Array(rows * width) : undefined,
  };
}
