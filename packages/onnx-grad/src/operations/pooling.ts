import { type Pair, pairOf, requireRank } from '../shape.js';
import { type Tensor, node } from '../tensor.js';
import { type WindowOptions, resolveWindow } from './convolution.js';

/** Options of pooling; the stride is the window's size unless named. */
export type PoolOptions = Omit<WindowOptions, 'dilations'>;

/** The largest value in each window; padding never wins. `[batch, channels, height, width]` in and out. */
export function maxPool2d(x: Tensor, size: Pair, options: PoolOptions = {}): Tensor {
  requireRank('maxPool2d', x.shape, 4, 'the image [batch, channels, height, width]');
  const kernel = pairOf(size);
  const { strides, pads, output } = resolveWindow('maxPool2d', x.shape, kernel, { strides: kernel, ...options });
  return node({ operator: 'MaxPool', inputs: [x], attributes: { kernel_shape: kernel, strides, pads } }, 'float32', [
    x.shape[0]!,
    x.shape[1]!,
    ...output,
  ]);
}

/** The mean of each window; zeros of the padding count only with `countPadding`. */
export function avgPool2d(
  x: Tensor,
  size: Pair,
  options: PoolOptions & { readonly countPadding?: boolean } = {},
): Tensor {
  requireRank('avgPool2d', x.shape, 4, 'the image [batch, channels, height, width]');
  const kernel = pairOf(size);
  const { countPadding, ...window } = options;
  const { strides, pads, output } = resolveWindow('avgPool2d', x.shape, kernel, { strides: kernel, ...window });
  return node(
    {
      operator: 'AveragePool',
      inputs: [x],
      attributes: { kernel_shape: kernel, strides, pads, count_include_pad: countPadding ? 1 : 0 },
    },
    'float32',
    [x.shape[0]!, x.shape[1]!, ...output],
  );
}
