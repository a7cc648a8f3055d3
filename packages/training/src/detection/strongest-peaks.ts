import {
  type Tensor,
  add,
  cast,
  greaterOrEqual,
  maxPool2d,
  mul,
  reshape,
  slice,
  stopGradient,
  sub,
  topK,
} from 'onnx-grad';

/** Side of the square within which keypoints exclude each other, px. */
const pixelsApart = 7;

/** Largest value of the square of `side` px around each pixel. */
export function largestAround(x: Tensor, side: number): Tensor {
  return maxPool2d(x, side, { strides: 1, padding: (side - 1) / 2 });
}

/**
 * The strongest peaks of each map, away from what is masked.
 *
 * @param maps - `[batch, 1, side, side]`
 * @param mask - the same shape, 1 where peaks count
 * @param count - of each map
 * @returns 1 at a peak, else 0; no gradient goes through it
 */
export function strongestPeaks(maps: Tensor, mask: Tensor, count: number): Tensor {
  const [batch, , height, width] = maps.shape as [number, number, number, number];
  const fixed = stopGradient(maps);
  const peak = mul(cast(greaterOrEqual(fixed, largestAround(fixed, pixelsApart)), 'float32'), mask);
  // Of what is no peak, far below all that are.
  const peaks = add(mul(fixed, peak), mul(sub(peak, 1), 1e4));
  const { values } = topK(reshape(peaks, [batch, height * width]), count);
  const least = reshape(slice(values, { axes: [1], starts: [count - 1], ends: [count] }), [batch, 1, 1, 1]);
  return stopGradient(mul(cast(greaterOrEqual(peaks, least), 'float32'), peak));
}
