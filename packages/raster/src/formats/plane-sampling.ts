import type { Plane } from '@tiepoint/geometry';
import type { SamplingGrid } from './sampling-grid.js';

/** Samples a plane at the centres of a grid's pixels. Invalid neighbours are left out of a bilinear mean. */
export function resampleNearestOrBilinear(plane: Plane, grid: SamplingGrid, how: 'nearest' | 'bilinear'): Plane {
  const { width, height, left, top, stepX, stepY } = grid;
  const data = new Float32Array(width * height);
  let mask: Uint8Array | undefined;
  for (let row = 0; row < height; row++) {
    const y = top + (row + 0.5) * stepY;
    for (let column = 0; column < width; column++) {
      const x = left + (column + 0.5) * stepX;
      const value = how === 'nearest' ? nearest(plane, x, y) : bilinear(plane, x, y);
      const at = row * width + column;
      if (Number.isNaN(value)) {
        mask ??= new Uint8Array(width * height).fill(1);
        mask[at] = 0;
      } else {
        data[at] = value;
      }
    }
  }
  return mask ? { width, height, data, mask } : { width, height, data };
}

function nearest(plane: Plane, x: number, y: number): number {
  const column = Math.min(plane.width - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(plane.height - 1, Math.max(0, Math.floor(y)));
  const at = row * plane.width + column;
  return plane.mask && plane.mask[at] === 0 ? Number.NaN : plane.data[at]!;
}

function bilinear(plane: Plane, x: number, y: number): number {
  const x0 = Math.floor(x - 0.5);
  const y0 = Math.floor(y - 0.5);
  const fx = x - 0.5 - x0;
  const fy = y - 0.5 - y0;
  let sum = 0;
  let weight = 0;
  for (let dy = 0; dy < 2; dy++) {
    const row = Math.min(plane.height - 1, Math.max(0, y0 + dy));
    for (let dx = 0; dx < 2; dx++) {
      const column = Math.min(plane.width - 1, Math.max(0, x0 + dx));
      const at = row * plane.width + column;
      if (plane.mask && plane.mask[at] === 0) continue;
      const w = (dx ? fx : 1 - fx) * (dy ? fy : 1 - fy);
      sum += w * plane.data[at]!;
      weight += w;
    }
  }
  return weight > 1e-9 ? sum / weight : Number.NaN;
}
