import { kernelRadius, kernelWeight, type ResamplingKernel } from '@tiepoint/geometry';
import { tinyStep, type RowSampler } from './warp-kernels.js';

/** Steps of the weight tables a pixel; between them weights are interpolated, to within 1e-7. */
const stepCount = 2048;
const tables = new Map<ResamplingKernel, Float64Array>();

function tableOf(kernel: ResamplingKernel): Float64Array {
  let table = tables.get(kernel);
  if (!table) {
    const size = kernelRadius[kernel] * stepCount + 2;
    table = Float64Array.from({ length: size }, (_, i) => kernelWeight(kernel, i / stepCount));
    tables.set(kernel, table);
  }
  return table;
}

/** The samples a kernel takes along one axis. */
interface Axis {
  readonly table: Float64Array;
  readonly widen: number;
  readonly radius: number;
  /** True where weights are taken as from the centre of the sample before the point. */
  readonly uncentred: boolean;
  /** True where the spline goes on beyond its end, to the right. */
  readonly unended: boolean;
  /** What `place` found: the first sample, how many, their weights and the sum of these. */
  first: number;
  count: number;
  total: number;
  readonly weights: Float64Array;
}

/**
 * The sampler of any kernel, widened by the number of source pixels a target pixel spans along each source axis.
 * Samples outside the image or invalid carry no weight; a point over an invalid sample stays invalid, and lanczos gives
 * up where fewer than half of its samples are valid, as in GDAL.
 * @param likeGdal Widened kernels as GDAL computes them, which differ from what their names say: its lanczos is centred on
 * the sample before the point instead of on the point, and its cubic B-spline is not cut off on the right.
 */
export function kernelSampler(kernel: ResamplingKernel, widenX: number, widenY: number, likeGdal = false): RowSampler {
  const across = makeAxis(kernel, widenX, likeGdal);
  const down = makeAxis(kernel, widenY, likeGdal);
  const half = kernel === 'lanczos';
  return (block, points, count, out, valid) => {
    const { data, width, height } = block;
    const mask = block.valid;
    for (let i = 0; i < count; i++) {
      const x = points[2 * i]! - block.x;
      const y = points[2 * i + 1]! - block.y;
      valid[i] = 0;
      if (!(x >= 0 && y >= 0 && x <= width + tinyStep && y <= height + tinyStep)) continue;
      if (mask) {
        const at =
          Math.min(height - 1, Math.floor(y + tinyStep)) * width + Math.min(width - 1, Math.floor(x + tinyStep));
        if (mask[at] === 0) continue;
      }
      place(across, x, width);
      place(down, y, height);
      let sum = 0;
      let weight = 0;
      let samples = 0;
      for (let r = 0; r < down.count; r++) {
        const base = (down.first + r) * width + across.first;
        const wy = down.weights[r]!;
        let rowSum = 0;
        let rowWeight = across.total;
        if (mask === null) {
          for (let c = 0; c < across.count; c++) rowSum += across.weights[c]! * data[base + c]!;
        } else {
          rowWeight = 0;
          for (let c = 0; c < across.count; c++) {
            if (mask[base + c] === 0) continue;
            samples++;
            rowSum += across.weights[c]! * data[base + c]!;
            rowWeight += across.weights[c]!;
          }
        }
        sum += wy * rowSum;
        weight += wy * rowWeight;
      }
      if (half && mask && samples < Math.floor((across.count * down.count) / 2)) continue;
      if (weight > 1e-6) {
        out[i] = sum / weight;
        valid[i] = 1;
      }
    }
  };
}

function makeAxis(kernel: ResamplingKernel, widen: number, likeGdal: boolean): Axis {
  const wide = likeGdal && widen > 1;
  const radius = kernelRadius[kernel] * widen;
  return {
    table: tableOf(kernel),
    widen,
    radius,
    uncentred: wide && kernel === 'lanczos',
    unended: wide && kernel === 'cubicspline',
    first: 0,
    count: 0,
    total: 0,
    weights: new Float64Array(2 * Math.ceil(radius) + 3),
  };
}

/** Finds the samples around a coordinate and their weights. */
function place(axis: Axis, coordinate: number, size: number): void {
  const { table, widen, radius, weights } = axis;
  const point = coordinate - 0.5;
  const before = Math.floor(point);
  const centre = axis.uncentred ? before : point;
  const first = Math.max(0, Math.ceil(centre - radius));
  const end = axis.unended ? before + Math.ceil(radius) : Math.floor(centre + radius);
  const last = Math.min(size - 1, end);
  let total = 0;
  for (let at = first; at <= last; at++) {
    const distance = (at - centre) / widen;
    const w = axis.unended && distance > 2 ? -((distance - 2) ** 3) / 6 : weightAt(table, Math.abs(distance));
    weights[at - first] = w;
    total += w;
  }
  axis.first = first;
  axis.count = Math.max(0, last - first + 1);
  axis.total = total;
}

function weightAt(table: Float64Array, distance: number): number {
  const at = distance * stepCount;
  const index = Math.floor(at);
  if (index + 1 >= table.length) return 0;
  const low = table[index]!;
  return low + (table[index + 1]! - low) * (at - index);
}
