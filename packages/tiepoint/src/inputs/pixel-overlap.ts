import { mean as meanOf, type Plane } from '@tiepoint/geometry';
import { boxMean } from './box-mean.js';

/** Half side of the squares whose mean is taken from a pixel, and over which its contrast is measured, px. */
const scales = { detail: 2, contrast: 12 } as const;
/** Normalised detail counts at most this much: single bright pixels must not decide. */
const mostDetail = 3;

/** The part of two planes that lies on the same pixels, and where both are valid. */
export interface PixelOverlap {
  readonly width: number;
  readonly height: number;
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly valid: Uint8Array;
}

/** Lays planes on each other, first pixel on first pixel. */
export function overlapOfPixels(reference: Plane, sensed: Plane): PixelOverlap {
  const width = Math.min(reference.width, sensed.width);
  const height = Math.min(reference.height, sensed.height);
  const [a, b] = [new Float32Array(width * height), new Float32Array(width * height)];
  const valid = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [i, p, q] = [y * width + x, y * reference.width + x, y * sensed.width + x];
      if ((reference.mask?.[p] ?? 1) === 0 || (sensed.mask?.[q] ?? 1) === 0) continue;
      valid[i] = 1;
      a[i] = reference.data[p]!;
      b[i] = sensed.data[q]!;
    }
  }
  return { width, height, a, b, valid };
}

/** What a pixel has beyond its surroundings, over the contrast around it; both of valid pixels only, or the edge of what is missing would be a mark. */
export function detailOf(data: Float32Array, { width, height, valid }: PixelOverlap): Float32Array {
  const weight = valid.includes(0) ? new Float32Array(valid) : null;
  const validMean = (values: Float32Array, half: number): Float32Array => {
    if (weight === null) return boxMean(values, width, height, half);
    const share = boxMean(weight, width, height, half);
    return boxMean(values, width, height, half).map((v, i) => v / Math.max(share[i]!, Number.EPSILON));
  };
  const mean = validMean(data, scales.detail);
  const detail = new Float32Array(data.length);
  const square = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (valid[i] === 0) continue;
    detail[i] = data[i]! - mean[i]!;
    square[i] = detail[i]! ** 2;
  }
  const contrast = validMean(square, scales.contrast);
  const typical = meanOf(square);
  for (let i = 0; i < data.length; i++) {
    // Where nothing around is valid the mean is of nothing, and one NaN would spread over all sums.
    if (valid[i] === 0) continue;
    const normalised = detail[i]! / Math.sqrt(contrast[i]! + 0.1 * typical + 1e-12);
    detail[i] = Math.max(-mostDetail, Math.min(mostDetail, normalised));
  }
  return detail;
}
