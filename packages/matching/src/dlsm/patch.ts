/** Side of the patches DLSM and its rivals see, px (Uss 2020, §3.4). */
export const patchSide = 32;

/** Samples to cut patches from: floats of a plane, or eight bits where many images are held. */
export interface PatchImage {
  readonly width: number;
  readonly height: number;
  /** `width * height` */
  readonly data: Float32Array | Uint8ClampedArray;
  /** `width * height`, 0 = invalid; absent when all are valid. */
  readonly mask?: Uint8Array;
}

/** `[a, b, c, d]`: an offset (u, v) from the patch's centre lies (a·u + b·v, c·u + d·v) from its place in the image. */
export type Linear = readonly [number, number, number, number];

/** Fractions of a pixel the kernel is tabulated for. */
const phaseNames = 256;

/** Weights of the four samples around a place, by its fraction past the second of them (cubic convolution, Keys 1981, a = −½). */
const kernel = new Float32Array(4 * (phaseNames + 1));
for (let phase = 0; phase <= phaseNames; phase++) {
  const t = phase / phaseNames;
  kernel[4 * phase] = ((-0.5 * t + 1) * t - 0.5) * t;
  kernel[4 * phase + 1] = (1.5 * t - 2.5) * t * t + 1;
  kernel[4 * phase + 2] = ((-1.5 * t + 2) * t + 0.5) * t;
  kernel[4 * phase + 3] = (0.5 * t - 0.5) * t * t;
}

/** The sample at a place near the edge, whose neighbours outside repeat it. */
function clampedSample(image: PatchImage, left: number, top: number, kx: number, ky: number): number {
  const { width, height, data: samples } = image;
  let sum = 0;
  for (let j = 0; j < 4; j++) {
    const line = Math.min(height - 1, Math.max(0, top - 1 + j)) * width;
    for (let i = 0; i < 4; i++) {
      const at = line + Math.min(width - 1, Math.max(0, left - 1 + i));
      sum += kernel[kx + i]! * kernel[ky + j]! * samples[at]!;
    }
  }
  return sum;
}

/**
 * Cuts a patch by cubic convolution; what lies outside or is invalid becomes NaN.
 *
 * @param x - the patch's centre, px of the image, corner convention; @param y - likewise
 * @param linear - from offsets in the patch to offsets in the image
 * @param out - `columns * rows` samples from `offset` on; a patch unless others are named
 * @returns how many samples are valid
 */
export function cutPatch(
  image: PatchImage,
  x: number,
  y: number,
  [a, b, c, d]: Linear,
  out: Float32Array,
  offset: number,
  columns: number = patchSide,
  rows: number = patchSide,
): number {
  const { width, height, data: samples, mask } = image;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const u = column + 0.5 - columns / 2;
      const v = row + 0.5 - rows / 2;
      const at = offset + row * columns + column;
      const sx = x + a * u + b * v - 0.5;
      const sy = y + c * u + d * v - 0.5;
      const left = Math.floor(sx);
      const top = Math.floor(sy);
      const nearest = Math.round(sy) * width + Math.round(sx);
      if (sx < -0.5 || sy < -0.5 || sx > width - 0.5 || sy > height - 0.5 || mask?.[nearest] === 0) {
        out[at] = Number.NaN;
        continue;
      }
      const kx = 4 * Math.round((sx - left) * phaseNames);
      const ky = 4 * Math.round((sy - top) * phaseNames);
      count++;
      if (left < 1 || top < 1 || left + 2 >= width || top + 2 >= height) {
        out[at] = clampedSample(image, left, top, kx, ky);
        continue;
      }
      const [w0, w1, w2, w3] = [kernel[kx]!, kernel[kx + 1]!, kernel[kx + 2]!, kernel[kx + 3]!];
      let i = (top - 1) * width + left - 1;
      let sum = 0;
      for (let j = 0; j < 4; j++, i += width) {
        const line = w0 * samples[i]! + w1 * samples[i + 1]! + w2 * samples[i + 2]! + w3 * samples[i + 3]!;
        sum += kernel[ky + j]! * line;
      }
      out[at] = sum;
    }
  }
  return count;
}

/**
 * Gives the valid samples of a patch zero mean and unit variance and makes the others 0 (Uss 2020, §3.4).
 *
 * @param flat - a deviation smaller than this counts as this, or the patch would be stretched to noise of rounding; half a grey
 *   value of eight bits unless given
 */
export function normalisePatch(patch: Float32Array, offset: number, flat = 0.5): void {
  let sum = 0;
  let squares = 0;
  let count = 0;
  const end = offset + patchSide * patchSide;
  for (let i = offset; i < end; i++) {
    const v = patch[i]!;
    if (Number.isNaN(v)) continue;
    sum += v;
    squares += v * v;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  const deviation = count > 0 ? Math.sqrt(Math.max(squares / count - mean * mean, 0)) : 0;
  const factor = 1 / Math.max(deviation, flat, 1e-20);
  for (let i = offset; i < end; i++) patch[i] = Number.isNaN(patch[i]!) ? 0 : (patch[i]! - mean) * factor;
}
