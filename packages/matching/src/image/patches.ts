import type { Matrix3, Plane } from '@tiepoint/geometry';
import { type Pyramid, levelFor } from './pyramid.js';

/** Patches of one size cut out of an image, ready for a graph. */
export interface Patches {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** [count, 1, height, width] */
  readonly data: Float32Array;
  /** [count, 1, height, width], 1 where the sample is valid. */
  readonly valid: Float32Array;
}

/** Empty patches, to be filled again and again. */
export function allocatePatches(count: number, width: number, height: number): Patches {
  return {
    count,
    width,
    height,
    data: new Float32Array(count * width * height),
    valid: new Float32Array(count * width * height),
  };
}

/** Where the patch pixels lie: its centre on a grid, the grid's px per patch px, and the map from the grid to the image. */
export interface PatchPlace {
  readonly x: number;
  readonly y: number;
  readonly step: number;
  /** Grid pixel → image pixel, homogeneous; null for the image's own grid. */
  readonly toImage: Matrix3 | null;
}

/** Image px per grid px near a point: the square root of the Jacobian's determinant. */
function localScale(m: Matrix3, x: number, y: number): number {
  const w = m[6] * x + m[7] * y + m[8];
  const X = (m[0] * x + m[1] * y + m[2]) / w;
  const Y = (m[3] * x + m[4] * y + m[5]) / w;
  const det = ((m[0] - m[6] * X) * (m[4] - m[7] * Y) - (m[1] - m[7] * X) * (m[3] - m[6] * Y)) / (w * w);
  return Math.sqrt(Math.abs(det));
}

/**
 * Samples a plane bilinearly into place `o` of the patches; 0 and not valid where a pixel that it is made of is not.
 *
 * @param x - px from the centre of the first pixel
 * @returns whether the sample is valid
 */
export function sampleInto(
  { width, height, data, mask }: Plane,
  x: number,
  y: number,
  out: Patches,
  o: number,
): boolean {
  out.data[o] = 0;
  out.valid[o] = 0;
  const [maxX, maxY] = [width - 1, height - 1];
  // Half a pixel beyond the outer centres is still inside the image.
  if (!(x >= -0.5 && y >= -0.5 && x <= maxX + 0.5 && y <= maxY + 0.5)) return false;
  const cx = Math.min(Math.max(x, 0), maxX);
  const cy = Math.min(Math.max(y, 0), maxY);
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const fx = cx - x0;
  const fy = cy - y0;
  const i = y0 * width + x0;
  const right = fx > 0 ? 1 : 0;
  const below = fy > 0 ? width : 0;
  if (mask && !(mask[i]! & mask[i + right]! & mask[i + below]! & mask[i + below + right]!)) return false;
  const top = data[i]! + (data[i + right]! - data[i]!) * fx;
  const bottom = data[i + below]! + (data[i + below + right]! - data[i + below]!) * fx;
  out.data[o] = top + (bottom - top) * fy;
  out.valid[o] = 1;
  return true;
}

/**
 * Samples patch number `index` bilinearly. A sample is valid where all the pixels it is made of are.
 *
 * @returns the share of valid samples, 0 to 1
 */
export function samplePatch(pyramid: Pyramid, place: PatchPlace, out: Patches, index: number): number {
  const { width: columns, height: rows } = out;
  const m = place.toImage ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const level = levelFor(pyramid, place.step * localScale(m, place.x, place.y));
  const plane = pyramid.levels[level]!;
  const shrink = 1 / 2 ** level;
  const base = index * columns * rows;
  let valid = 0;
  for (let row = 0; row < rows; row++) {
    const gy = place.y + (row + 0.5 - rows / 2) * place.step;
    for (let column = 0; column < columns; column++) {
      const gx = place.x + (column + 0.5 - columns / 2) * place.step;
      const w = m[6] * gx + m[7] * gy + m[8];
      const x = ((m[0] * gx + m[1] * gy + m[2]) / w) * shrink - 0.5;
      const y = ((m[3] * gx + m[4] * gy + m[5]) / w) * shrink - 0.5;
      const o = base + row * columns + column;
      if (sampleInto(plane, x, y, out, o)) valid++;
    }
  }
  return valid / (columns * rows);
}
