import { type Plane, type PointMap, resamplePlane } from '@tiepoint/geometry';
import type { TrainingImage } from '../data/training-image.js';

/** Px around a window that resampling at its edge looks at. */
const rimPx = 8;

/** The part of the image within bounds, as floats, and where it begins. */
function windowOf(
  image: TrainingImage,
  [left, top, right, bottom]: readonly [number, number, number, number],
): { plane: Plane; x: number; y: number } | null {
  const [x0, y0] = [Math.max(0, Math.floor(left) - rimPx), Math.max(0, Math.floor(top) - rimPx)];
  const [x1, y1] = [Math.min(image.width, Math.ceil(right) + rimPx), Math.min(image.height, Math.ceil(bottom) + rimPx)];
  const [width, height] = [x1 - x0, y1 - y0];
  if (!(width > 1 && height > 1)) return null;
  const data = new Float32Array(width * height);
  const mask = image.mask && new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y0 + y) * image.width + x0;
    data.set(image.data.subarray(from, from + width), y * width);
    mask?.set(image.mask!.subarray(from, from + width), y * width);
  }
  return { plane: mask ? { width, height, data, mask } : { width, height, data }, x: x0, y: y0 };
}

/**
 * Cuts a square of `side` px out of an image along any smooth map, by cubic convolution widened where the crop is coarser.
 *
 * @param toImage - crop px to image px, corner convention, in place
 * @param out - `side * side` samples from `offset` on; NaN where there is no ground
 * @returns the share of samples with ground
 */
export function sampleCrop(
  image: TrainingImage,
  toImage: PointMap,
  side: number,
  out: Float32Array,
  offset: number,
): number {
  // The bounds of a smooth image of a square are those of its rim, nearly: the rim of the window covers the rest.
  const rim = new Float64Array(8 * 9);
  for (let i = 0; i <= 8; i++) {
    const t = (i / 8) * side;
    rim.set([t, 0, t, side, 0, t, side, t], 8 * i);
  }
  toImage(rim);
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < rim.length; i += 2) {
    bounds[0] = Math.min(bounds[0], rim[i]!);
    bounds[1] = Math.min(bounds[1], rim[i + 1]!);
    bounds[2] = Math.max(bounds[2], rim[i]!);
    bounds[3] = Math.max(bounds[3], rim[i + 1]!);
  }
  const end = offset + side * side;
  const window = windowOf(image, bounds);
  if (window === null) {
    out.fill(Number.NaN, offset, end);
    return 0;
  }
  const { plane, x, y } = window;
  const toWindow: PointMap = (points) => {
    toImage(points);
    for (let i = 0; i < points.length; i += 2) {
      points[i]! -= x;
      points[i + 1]! -= y;
    }
  };
  const crop = resamplePlane(plane, side, side, toWindow, { kernel: 'cubic' });
  out.set(crop.data, offset);
  if (crop.mask === undefined) return 1;
  let valid = 0;
  for (let i = 0; i < crop.mask.length; i++) {
    if (crop.mask[i] === 1) valid++;
    else out[offset + i] = Number.NaN;
  }
  return valid / crop.mask.length;
}

/** Gives the samples with ground zero mean and unit variance, and makes the others 0. */
export function standardiseCrop(crop: Float32Array, offset: number, length: number): void {
  let [sum, squares, count] = [0, 0, 0];
  for (let i = offset; i < offset + length; i++) {
    const v = crop[i]!;
    if (Number.isNaN(v)) continue;
    sum += v;
    squares += v * v;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  const deviation = count > 0 ? Math.sqrt(Math.max(squares / count - mean * mean, 0)) : 0;
  // A flat crop stays flat: dividing by next to nothing would make noise of rounding.
  const factor = 1 / Math.max(deviation, 0.5);
  for (let i = offset; i < offset + length; i++) crop[i] = Number.isNaN(crop[i]!) ? 0 : (crop[i]! - mean) * factor;
}
