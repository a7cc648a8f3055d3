import { type Tensor, concat, constant, cos, expandDims, mul, reshape, sin } from 'onnx-grad';
import type { ImageView } from './image-view.js';
import { vectorLength } from './encoder.js';

/** Sines and cosines along each axis. */
const frequencies = vectorLength / 4;
/** Longest and shortest wavelength, in half sides of an image. */
const longest = 4;
const shortest = 1 / 32;

/**
 * Where a keypoint lies in its image, as sines and cosines of falling wavelength (Vaswani 2017), half of them along each axis.
 *
 * @param places - `[sets, count, 2]`, x and y from the image's centre in halves of its longer side: within [−1, 1]
 * @returns `[sets, count, 256]`
 */
export function encodePositions(places: Tensor): Tensor {
  const [sets, count] = places.shape as [number, number, number];
  const waves = Float32Array.from(
    { length: frequencies },
    (_, i) => (2 * Math.PI) / (longest * (shortest / longest) ** (i / (frequencies - 1))),
  );
  const angles = reshape(mul(expandDims(places, [3]), constant(waves, [frequencies])), [sets, count, 2 * frequencies]);
  return concat([sin(angles), cos(angles)], 2);
}

/**
 * The places of points of an image for `encodePositions`, `count` rows of which those beyond the points are 0.
 *
 * @param view - turned back and scaled by this, so that places of both images differ by little more than a shift
 * @param half - what 1 is: half the reference's longer side, px of the reference
 */
export function relativePlaces(
  xy: Float64Array,
  size: { readonly width: number; readonly height: number },
  { angle, scale }: ImageView,
  half: number,
  count: number,
): Float32Array {
  const [c, s] = [Math.cos(angle) / (half * scale), Math.sin(angle) / (half * scale)];
  const places = new Float32Array(2 * count);
  for (let i = 0; i < xy.length; i += 2) {
    const [x, y] = [xy[i]! - size.width / 2, xy[i + 1]! - size.height / 2];
    places[i] = c * x + s * y;
    places[i + 1] = c * y - s * x;
  }
  return places;
}
