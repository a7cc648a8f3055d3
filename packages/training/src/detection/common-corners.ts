import { gaussianBlur } from '@tiepoint/matching';
import { type Tensor, add, constant, conv2d, gridSample, maximum, mul, slice, sqrt, sub } from 'onnx-grad';

/** Scales of derivation and of integration, px: what is larger than speckle and smaller than the ground between keypoints. */
const [derivationSigma, integrationSigma] = [2, 2.5];

/** Central differences along x and y. */
const differences = constant(
  Float32Array.of(0, 0, 0, -0.5, 0, 0.5, 0, 0, 0, 0, -0.5, 0, 0, 0, 0, 0, 0.5, 0),
  [2, 1, 3, 3],
);

/**
 * How much of a corner each pixel is: the root of the smaller eigenvalue of the structure tensor (Shi and Tomasi 1994).
 *
 * @param images - `[batch, 1, height, width]`
 * @returns the same shape, not negative
 */
function cornerStrength(images: Tensor): Tensor {
  const slopes = conv2d(gaussianBlur(images, derivationSigma), differences, { padding: 1 });
  const [dx, dy] = [0, 1].map((i) => slice(slopes, { axes: [1], starts: [i], ends: [i + 1] })) as [Tensor, Tensor];
  const smooth = (x: Tensor): Tensor => gaussianBlur(x, integrationSigma);
  const [a, b, c] = [smooth(mul(dx, dx)), smooth(mul(dy, dy)), smooth(mul(dx, dy))];
  const half = mul(sub(a, b), 0.5);
  const root = sqrt(add(add(mul(half, half), mul(c, c)), 1e-12));
  return sqrt(add(maximum(sub(mul(add(a, b), 0.5), root), 0), 1e-8));
}

/**
 * Where both images of a pair have corners: the product of their strengths. Speckle has corners everywhere, but seldom where the
 * other image has any, so what a network learns to see from one image alone is which of its corners the other is likely to share.
 *
 * @param first - `[batch, 1, side, side]`
 * @param second - the same, in another geometry
 * @param grid - where pixels of the first lie in the second; see `gridSample`
 * @returns `[batch, 1, side, side]` in the geometry of the first
 */
export function commonCorners(first: Tensor, second: Tensor, grid: Tensor): Tensor {
  return mul(cornerStrength(first), gridSample(cornerStrength(second), grid, { padding: 'border' }));
}
