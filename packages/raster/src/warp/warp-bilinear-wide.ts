import type { RowSampler } from './warp-kernels.js';
import { kernelSampler } from './warp-wide-kernels.js';

/**
 * The widened bilinear kernel for spans up to 1.5 source pixels, where it reaches three samples along each axis: what a
 * slightly turned or coarser target needs, at a third of the general sampler's cost. Equal to it but for rounding.
 */
export function wideBilinearSampler(widenX: number, widenY: number): RowSampler {
  const general = kernelSampler('bilinear', widenX, widenY);
  const inverseX = 1 / widenX;
  const inverseY = 1 / widenY;
  const one = new Float64Array(2);
  const oneOut = new Float64Array(1);
  const oneValid = new Uint8Array(1);
  return (block, points, count, out, valid) => {
    if (block.valid) {
      general(block, points, count, out, valid);
      return;
    }
    const { data, width, height } = block;
    const offsetX = block.x + 0.5;
    const offsetY = block.y + 0.5;
    for (let i = 0; i < count; i++) {
      // Relative to sample centres.
      const x = points[2 * i]! - offsetX;
      const y = points[2 * i + 1]! - offsetY;
      const column = Math.ceil(x - widenX);
      const row = Math.ceil(y - widenY);
      if (!(column >= 0 && row >= 0 && column + 2 < width && row + 2 < height)) {
        one[0] = points[2 * i]!;
        one[1] = points[2 * i + 1]!;
        general(block, one, 1, oneOut, oneValid);
        out[i] = oneOut[0]!;
        valid[i] = oneValid[0]!;
        continue;
      }
      const dx = x - column;
      const dy = y - row;
      // The first two samples may lie left or right of the point, the third only right of it.
      let u0 = 1 - dx * inverseX;
      const u1 = 1 - (dx > 1 ? dx - 1 : 1 - dx) * inverseX;
      let u2 = 1 - (2 - dx) * inverseX;
      let v0 = 1 - dy * inverseY;
      const v1 = 1 - (dy > 1 ? dy - 1 : 1 - dy) * inverseY;
      let v2 = 1 - (2 - dy) * inverseY;
      if (u0 < 0) u0 = 0;
      if (u2 < 0) u2 = 0;
      if (v0 < 0) v0 = 0;
      if (v2 < 0) v2 = 0;
      const a = row * width + column;
      const b = a + width;
      const c = b + width;
      const sum =
        v0 * (u0 * data[a]! + u1 * data[a + 1]! + u2 * data[a + 2]!) +
        v1 * (u0 * data[b]! + u1 * data[b + 1]! + u2 * data[b + 2]!) +
        v2 * (u0 * data[c]! + u1 * data[c + 1]! + u2 * data[c + 2]!);
      out[i] = sum / ((u0 + u1 + u2) * (v0 + v1 + v2));
      valid[i] = 1;
    }
  };
}
