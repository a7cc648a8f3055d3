import type { Plane } from './plane.js';
import { kernelRadius, kernelWeight, type ResamplingKernel } from './resampling-kernels.js';
import type { PointMap } from './inverse-map.js';
import { applyTransform, type Transform } from '../models/transform.js';

/** How `resamplePlane` resamples. */
export interface ResampleOptions {
  /** Default `bilinear`. */
  readonly kernel?: ResamplingKernel | undefined;
}

/** Steps a kernel is tabulated in, a pixel. */
const tableSteps = 1024;

function tabulate(kernel: ResamplingKernel): Float64Array {
  const radius = kernelRadius[kernel];
  const table = new Float64Array(radius * tableSteps + 2);
  for (let i = 0; i < table.length; i++) table[i] = kernelWeight(kernel, i / tableSteps);
  return table;
}

/**
 * Input pixels an output pixel covers along each input axis, at least 1. Where the output is coarser the kernel widens by it,
 * as in gdalwarp, so that detail is averaged and not skipped.
 */
function minification(outputToInput: PointMap, width: number, height: number): [number, number] {
  const [x, y] = [width / 2, height / 2];
  const cross = Float64Array.of(x - 0.5, y, x + 0.5, y, x, y - 0.5, x, y + 0.5);
  outputToInput(cross);
  const alongX = Math.hypot(cross[2]! - cross[0]!, cross[6]! - cross[4]!);
  const alongY = Math.hypot(cross[3]! - cross[1]!, cross[7]! - cross[5]!);
  return [alongX > 1 && Number.isFinite(alongX) ? alongX : 1, alongY > 1 && Number.isFinite(alongY) ? alongY : 1];
}

/**
 * Resamples a plane onto a grid of `width` × `height`.
 * An output pixel is valid where its centre falls on a valid input pixel; invalid neighbours carry no weight.
 * `outputToInput` maps output pixel coordinates to input pixel coordinates, corner convention; `inverseMap` makes one of a forward transform.
 * The result carries a mask only where some of it is invalid; invalid samples are 0.
 */
export function resamplePlane(
  plane: Plane,
  width: number,
  height: number,
  outputToInput: Transform | PointMap,
  options: ResampleOptions = {},
): Plane {
  const kernel = options.kernel ?? 'bilinear';
  const toInput: PointMap =
    typeof outputToInput === 'function'
      ? outputToInput
      : (points) => void applyTransform(outputToInput, points, points);
  const data = new Float32Array(width * height);
  const mask = new Uint8Array(width * height);
  const row = new Float64Array(2 * width);
  const nearest = kernel === 'nearest';
  const table = tabulate(kernel);
  const [scaleX, scaleY] = minification(toInput, width, height);
  const radiusX = kernelRadius[kernel] * scaleX;
  const radiusY = kernelRadius[kernel] * scaleY;
  const stepX = tableSteps / scaleX;
  const stepY = tableSteps / scaleY;
  const weightsX = new Float64Array(Math.ceil(2 * radiusX) + 2);
  const source = plane.data;
  const valid = plane.mask;
  let invalid = 0;
  const lookUp = (position: number): number => {
    const i = position | 0;
    if (i >= table.length - 1) return 0;
    return table[i]! + (table[i + 1]! - table[i]!) * (position - i);
  };
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      row[2 * i] = i + 0.5;
      row[2 * i + 1] = j + 0.5;
    }
    toInput(row);
    for (let i = 0; i < width; i++) {
      const x = row[2 * i]!;
      const y = row[2 * i + 1]!;
      const at = j * width + i;
      if (!(x >= 0 && y >= 0 && x < plane.width && y < plane.height)) {
        invalid++;
        continue;
      }
      const column = Math.floor(x);
      const line = Math.floor(y);
      const centre = line * plane.width + column;
      if (valid !== undefined && valid[centre] === 0) {
        invalid++;
        continue;
      }
      mask[at] = 1;
      if (nearest) {
        data[at] = source[centre]!;
        continue;
      }
      // Sample (c, r) stands at (c + 0.5, r + 0.5).
      const left = Math.max(0, Math.ceil(x - 0.5 - radiusX));
      const right = Math.min(plane.width - 1, Math.floor(x - 0.5 + radiusX));
      const top = Math.max(0, Math.ceil(y - 0.5 - radiusY));
      const bottom = Math.min(plane.height - 1, Math.floor(y - 0.5 + radiusY));
      for (let c = left; c <= right; c++) weightsX[c - left] = lookUp(Math.abs(x - 0.5 - c) * stepX);
      let sum = 0;
      let total = 0;
      for (let r = top; r <= bottom; r++) {
        const wy = lookUp(Math.abs(y - 0.5 - r) * stepY);
        if (wy === 0) continue;
        const start = r * plane.width;
        for (let c = left; c <= right; c++) {
          if (valid !== undefined && valid[start + c] === 0) continue;
          const w = wy * weightsX[c - left]!;
          sum += w * source[start + c]!;
          total += w;
        }
      }
      data[at] = total > 1e-6 ? sum / total : source[centre]!;
    }
  }
  return invalid === 0 ? { width, height, data } : { width, height, data, mask };
}
