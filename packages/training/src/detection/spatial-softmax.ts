import { type Tensor, add, avgPool2d, exp, log, mul, neg, reduceMax, reduceSum, stopGradient, sub } from 'onnx-grad';
import { maskedMean } from './masked-mean.js';

/** Sides of the squares that hold the same place and the neighbourhood it competes with, px. */
const [sameSide, nearSide] = [5, 15];
/** Added to probabilities, relative to the likeliest pixel of a crop: what is less likely has no gradient. */
const least = 1e-12;
/** Where log odds are held on average, and how firmly: about one pixel in ten, as many as are near a keypoint. */
const [level, firmness] = [-2, 0.01];

/** The sum over the square of `side` px around each pixel. */
function sumAround(x: Tensor, side: number): Tensor {
  return mul(avgPool2d(x, side, { strides: 1, padding: (side - 1) / 2, countPadding: true }), side * side);
}

/**
 * Minus the log of the probability that a pixel drawn by the softmax of a map lies at the same place as a keypoint, the mean over
 * keypoints: drawn from all of the crop, and from the neighbourhood of the keypoint. Cross-entropy pixel by pixel is nearly as low
 * for a map that says everywhere how frequent keypoints are; here a flat map gains nothing by its height.
 *
 * As a softmax does not see what all log odds have in common, their mean is held by a weak term: else confidences may leave what
 * floats tell apart.
 *
 * @param odds - log odds, `[batch, 1, side, side]`
 * @param peaks - 1 at keypoints, else 0, the same shape
 * @param mask - 1 where pixels count, the same shape
 */
export function spatialSoftmax(odds: Tensor, peaks: Tensor, mask: Tensor): Tensor {
  const masked = add(odds, mul(sub(mask, 1), 1e4));
  const highest = stopGradient(reduceMax(masked, { axes: [2, 3], keepDims: true }));
  const likely = mul(exp(sub(masked, highest)), mask);
  const logOf = (x: Tensor): Tensor => log(add(x, least));
  const here = logOf(sumAround(likely, sameSide));
  const near = logOf(sumAround(likely, nearSide));
  const all = logOf(reduceSum(likely, { axes: [2, 3], keepDims: true }));
  const miss = neg(maskedMean(sub(mul(here, 2), add(near, all)), mul(peaks, mask)));
  const off = sub(maskedMean(odds, mask), level);
  return add(miss, mul(mul(off, off), firmness));
}
