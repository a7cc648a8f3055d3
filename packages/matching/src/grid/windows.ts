import type { Plane, Transform } from '@tiepoint/geometry';
import { transformPoint } from '@tiepoint/geometry';

/** Summed-area tables of the structure tensor of a plane's gradients in a band of rows, for the cornerness of any window. */
interface StructureSums {
  readonly width: number;
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  readonly yy: Float64Array;
  readonly valid: Float64Array;
}

function structureSums(plane: Plane, top: number, bottom: number): StructureSums {
  const { width: w, height: h, data, mask } = plane;
  const stride = w + 1;
  const size = stride * (bottom - top + 1);
  const xx = new Float64Array(size);
  const xy = new Float64Array(size);
  const yy = new Float64Array(size);
  const valid = new Float64Array(size);
  for (let y = top; y < bottom; y++) {
    let rxx = 0;
    let rxy = 0;
    let ryy = 0;
    let rv = 0;
    for (let x = 0; x < w; x++) {
      const i = y * w + x;
      const left = x > 0 ? i - 1 : i;
      const right = x < w - 1 ? i + 1 : i;
      const up = y > 0 ? i - w : i;
      const down = y < h - 1 ? i + w : i;
      const ok = mask === undefined || mask[i] !== 0;
      if (ok) rv++;
      if (mask === undefined || (ok && mask[left]! & mask[right]! & mask[up]! & mask[down]!)) {
        const gx = data[right]! - data[left]!;
        const gy = data[down]! - data[up]!;
        // Direction counts in full, contrast by its root only: a single bright edge must not outvote a textured field.
        const weight = 1 / Math.sqrt(gx * gx + gy * gy + 1e-12);
        rxx += gx * gx * weight;
        rxy += gx * gy * weight;
        ryy += gy * gy * weight;
      }
      const o = (y - top + 1) * stride + x + 1;
      xx[o] = xx[o - stride]! + rxx;
      xy[o] = xy[o - stride]! + rxy;
      yy[o] = yy[o - stride]! + ryy;
      valid[o] = valid[o - stride]! + rv;
    }
  }
  return { width: stride, xx, xy, yy, valid };
}

function windowSum(table: Float64Array, stride: number, x0: number, y0: number, x1: number, y1: number): number {
  return table[y1 * stride + x1]! - table[y0 * stride + x1]! - table[y1 * stride + x0]! + table[y0 * stride + x0]!;
}

/** Where to place windows. */
export interface WindowGrid {
  /** Cells along the longer side of the overlap. */
  readonly cells: number;
  /** Window side, px of the plane. */
  readonly size: number;
  /** Least share of valid pixels in a window, in either image. */
  readonly minValid?: number;
}

/** Whether a point of the sensed image is inside it and valid. */
function validAt(plane: Plane, x: number, y: number): boolean {
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (column < 0 || row < 0 || column >= plane.width || row >= plane.height) return false;
  return plane.mask === undefined || plane.mask[row * plane.width + column] !== 0;
}

/** Share of 5×5 points of the window that fall on valid ground of the sensed image. */
function sensedShare(sensed: Plane, map: Transform, x: number, y: number, size: number): number {
  let count = 0;
  for (let j = -2; j <= 2; j++) {
    for (let i = -2; i <= 2; i++) {
      const [sx, sy] = transformPoint(map, x + (i * size) / 5, y + (j * size) / 5);
      if (validAt(sensed, sx, sy)) count++;
    }
  }
  return count / 25;
}

/**
 * Chooses window centres, one in each cell of a grid over the part of the reference that the sensed image covers: of nine places
 * in a cell, that with the largest smaller eigenvalue of the structure tensor, which is where a match is determined in both
 * directions (Shi and Tomasi 1994). Cells without structure or with too few valid pixels have none.
 *
 * @param referenceToSensed - where a reference pixel is expected in the sensed image
 * @returns x, y of the centres, px of the reference, interleaved
 */
export function chooseWindows(
  reference: Plane,
  sensed: Plane,
  referenceToSensed: Transform,
  grid: WindowGrid,
): Float64Array {
  const { width, height } = reference;
  const { size, minValid = 0.5 } = grid;
  const box = overlapBox(reference, sensed, referenceToSensed);
  if (box === null) return new Float64Array(0);
  const spacing = Math.max(4, Math.max(box.x1 - box.x0, box.y1 - box.y0) / grid.cells);
  const columns = Math.max(1, Math.round((box.x1 - box.x0) / spacing));
  const rows = Math.max(1, Math.round((box.y1 - box.y0) / spacing));
  const cellWidth = (box.x1 - box.x0) / columns;
  const cellHeight = (box.y1 - box.y0) / rows;
  const found: { x: number; y: number; strength: number }[] = [];
  for (let r = 0; r < rows; r++) {
    // The tables take as much memory as eight images: they are made for a row of cells at a time.
    const top = Math.max(0, Math.floor(box.y0 + (r + 0.2) * cellHeight - size / 2) - 1);
    const bottom = Math.min(height, Math.ceil(box.y0 + (r + 0.8) * cellHeight + size / 2) + 1);
    const sums = structureSums(reference, top, Math.max(top, bottom));
    for (let c = 0; c < columns; c++) {
      let best: { x: number; y: number; strength: number } | null = null;
      for (let k = 0; k < 9; k++) {
        const x = Math.floor(box.x0 + (c + 0.5 + ((k % 3) - 1) * 0.3) * cellWidth);
        const y = Math.floor(box.y0 + (r + 0.5 + (Math.floor(k / 3) - 1) * 0.3) * cellHeight);
        const x0 = Math.max(0, Math.round(x - size / 2));
        const y0 = Math.max(0, Math.round(y - size / 2));
        const x1 = Math.min(width, Math.round(x + size / 2));
        const y1 = Math.min(height, Math.round(y + size / 2));
        if (x1 <= x0 || y1 <= y0) continue;
        const within = (table: Float64Array): number => windowSum(table, sums.width, x0, y0 - top, x1, y1 - top);
        const valid = within(sums.valid) / (size * size);
        if (valid < minValid || sensedShare(sensed, referenceToSensed, x, y, size) < minValid) continue;
        const xx = within(sums.xx);
        const xy = within(sums.xy);
        const yy = within(sums.yy);
        const strength = (xx + yy) / 2 - Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy);
        if (best === null || strength > best.strength) best = { x, y, strength };
      }
      if (best !== null && best.strength > 0) found.push(best);
    }
  }
  const strengths = found.map(({ strength }) => strength).toSorted((a, b) => a - b);
  const least = 0.02 * (strengths[Math.floor(strengths.length / 2)] ?? 0);
  return Float64Array.from(found.filter(({ strength }) => strength > least).flatMap(({ x, y }) => [x, y]));
}

interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Bounds of the reference pixels that are valid and fall on valid sensed pixels, found on a lattice of 48 points a side. */
function overlapBox(reference: Plane, sensed: Plane, referenceToSensed: Transform): Box | null {
  const lattice = 48;
  const stepX = reference.width / lattice;
  const stepY = reference.height / lattice;
  let x0 = Infinity;
  let y0 = Infinity;
  let x1 = -Infinity;
  let y1 = -Infinity;
  for (let r = 0; r < lattice; r++) {
    for (let c = 0; c < lattice; c++) {
      const x = (c + 0.5) * stepX;
      const y = (r + 0.5) * stepY;
      if (!validAt(reference, x, y)) continue;
      const [sx, sy] = transformPoint(referenceToSensed, x, y);
      if (!validAt(sensed, sx, sy)) continue;
      x0 = Math.min(x0, c * stepX);
      y0 = Math.min(y0, r * stepY);
      x1 = Math.max(x1, (c + 1) * stepX);
      y1 = Math.max(y1, (r + 1) * stepY);
    }
  }
  return x1 > x0 && y1 > y0 ? { x0, y0, x1, y1 } : null;
}
