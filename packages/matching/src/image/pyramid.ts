import type { Plane } from '@tiepoint/geometry';

/** A plane and its halvings: level l has samples of 2^l × 2^l pixels of the first. */
export interface Pyramid {
  readonly levels: readonly Plane[];
}

/** Averages 2×2 samples; a sample is valid where at least one of its four is. Odd last rows and columns average what is there. */
function halve(plane: Plane): Plane {
  const width = Math.ceil(plane.width / 2);
  const height = Math.ceil(plane.height / 2);
  const data = new Float32Array(width * height);
  const mask = plane.mask ? new Uint8Array(width * height) : undefined;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let count = 0;
      for (let row = 2 * y; row < Math.min(2 * y + 2, plane.height); row++) {
        for (let column = 2 * x; column < Math.min(2 * x + 2, plane.width); column++) {
          const i = row * plane.width + column;
          if (plane.mask !== undefined && plane.mask[i] === 0) continue;
          sum += plane.data[i]!;
          count++;
        }
      }
      data[y * width + x] = count > 0 ? sum / count : 0;
      if (mask && count > 0) mask[y * width + x] = 1;
    }
  }
  return mask ? { width, height, data, mask } : { width, height, data };
}

/** Halves the plane until its shorter side is below `smallest` px. */
export function createPyramid(plane: Plane, smallest = 32): Pyramid {
  const levels = [plane];
  for (let last = plane; Math.min(last.width, last.height) >= 2 * smallest;) {
    last = halve(last);
    levels.push(last);
  }
  return { levels };
}

/** The level whose samples are nearest in size to `step` pixels of the first, never coarser by more than half an octave. */
export function levelFor(pyramid: Pyramid, step: number): number {
  return Math.min(pyramid.levels.length - 1, Math.max(0, Math.round(Math.log2(Math.max(step, 1)))));
}
