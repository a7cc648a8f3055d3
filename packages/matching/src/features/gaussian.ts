import { constant, conv2d, reshape, type Tensor } from 'onnx-grad';

/** Normalised samples of a Gaussian out to three standard deviations. */
function gaussianKernel(sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const kernel = new Float32Array(2 * radius + 1);
  let sum = 0;
  for (let i = -radius; i <= radius; i++) sum += kernel[i + radius] = Math.exp((-0.5 * i * i) / (sigma * sigma));
  return kernel.map((value) => value / sum);
}

/** Pixels at the border that a Gaussian of this width cannot see rightly. */
export function gaussianRadius(sigma: number): number {
  return sigma > 0 ? Math.max(1, Math.ceil(3 * sigma)) : 0;
}

/** Largest radius for which one two-dimensional depthwise convolution beats two of one dimension. */
const squareRadius = 3;

function repeated(kernel: Float32Array, count: number): Float32Array {
  const all = new Float32Array(kernel.length * count);
  for (let i = 0; i < count; i++) all.set(kernel, i * kernel.length);
  return all;
}

/**
 * Smooths each channel of [N, C, H, W] by a Gaussian, zeros beyond the border.
 *
 * @param sigma - standard deviation, px; 0 leaves the tensor as it is
 */
export function gaussianBlur(x: Tensor, sigma: number): Tensor {
  if (sigma <= 0) return x;
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const kernel = gaussianKernel(sigma);
  const side = kernel.length;
  const radius = (side - 1) / 2;
  // All planes become channels of one image: depthwise convolution is what the runtime vectorises over channels.
  const groups = n * c;
  const planes = reshape(x, [1, groups, h, w]);
  const filter = (input: Tensor, taps: Float32Array, height: number, width: number): Tensor =>
    conv2d(input, constant(repeated(taps, groups), [groups, 1, height, width]), {
      padding: [(height - 1) / 2, (width - 1) / 2],
      groups,
    });
  if (radius <= squareRadius) {
    const square = Float32Array.from(
      { length: side * side },
      (_, i) => kernel[i % side]! * kernel[Math.floor(i / side)]!,
    );
    return reshape(filter(planes, square, side, side), [n, c, h, w]);
  }
  return reshape(filter(filter(planes, kernel, 1, side), kernel, side, 1), [n, c, h, w]);
}
