import { add, div, maxPool2d, mul, pad, reduceSum, sub, type Tensor } from 'onnx-grad';

/**
 * Shrinks the valid area [N, 1, H, W] by `radius` px, so that no feature reaches into invalid ground. What lies outside the
 * tensor is invalid: filters see a false edge there, which would correlate with that of any other image.
 */
export function erode(valid: Tensor, radius: number): Tensor {
  if (radius === 0) return valid;
  const frame: [number, number] = [radius, radius];
  const invalid = pad(sub(1, valid), [frame, frame], { value: 1 });
  return sub(1, maxPool2d(invalid, 2 * radius + 1, { strides: 1 }));
}

/** Mean over the valid pixels of each image: [N, 1, H, W] → [N, 1, 1, 1]. */
export function validMean(x: Tensor, valid: Tensor): Tensor {
  const axes = [1, 2, 3];
  return div(reduceSum(mul(x, valid), { axes, keepDims: true }), add(reduceSum(valid, { axes, keepDims: true }), 1e-6));
}

/** Replaces invalid pixels by the mean of the valid ones, so that a mask's edge makes as little structure as it can. */
export function fillInvalid(image: Tensor, valid: Tensor): Tensor {
  const mean = validMean(image, valid);
  return add(mul(sub(image, mean), valid), mean);
}
