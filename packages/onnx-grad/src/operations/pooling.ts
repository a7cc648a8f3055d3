import { type Pair, pairOf, requireRank } from '../shape.js';
import { type Attribute, type Shape, type Tensor, constant, node, nodeWithOutputs, sizeOf, zeros } from '../tensor.js';
import { div, mul, sub } from './arithmetic.js';
import { type ResolvedWindow, type WindowOptions, convTranspose2d, resolveWindow } from './convolution.js';
import { relu, step } from './elementwise.js';
import { reshape } from './movement.js';
import { scatterElements } from './selection.js';
import { tiling } from './tiling.js';

/** Options of pooling; the stride is the window's size unless named. */
export type PoolOptions = Omit<WindowOptions, 'dilations'>;

/** The largest value in each window; padding never wins. `[batch, channels, height, width]` in and out. */
export function maxPool2d(x: Tensor, size: Pair, options: PoolOptions = {}): Tensor {
  requireRank('maxPool2d', x.shape, 4, 'the image [batch, channels, height, width]');
  // The larger of rectified values is the rectified larger value, and costs less: the rectifier and its gradient see fewer pixels.
  if (x.node.operator === 'Relu') return relu(maxPool2d(x.node.inputs[0] as Tensor, size, options));
  const kernel = pairOf(size);
  const { strides, pads, output } = resolveWindow('maxPool2d', x.shape, kernel, { strides: kernel, ...options });
  const attributes = { kernel_shape: kernel, strides, pads };
  const tiled = kernel[0] === strides[0] && kernel[1] === strides[1] && pads.every((n) => n === 0);
  return node(
    {
      operator: 'MaxPool',
      inputs: [x],
      attributes,
      gradient: (g, _, out) => [tiled ? tiledMaxGradient(g, x, out, kernel) : scatteredMaxGradient(g, x, attributes)],
    },
    'float32',
    [x.shape[0]!, x.shape[1]!, ...output],
  );
}

/** For windows that tile the image: back to where the largest value stands; equals share. */
function tiledMaxGradient(g: Tensor, x: Tensor, out: Tensor, tile: readonly [number, number]): Tensor {
  const tiles = tiling([out.shape[2]!, out.shape[3]!], tile, [x.shape[2]!, x.shape[3]!]);
  // No pixel is larger than the largest of its tile: the difference is zero or negative.
  const chosen = step(sub(tiles.pixels(x), tiles.spread(tiles.rows(out))), 1);
  return tiles.place(mul(chosen, tiles.spread(div(tiles.rows(g), tiles.collect(chosen)))), x.shape);
}

/** For windows that overlap: pooling again, this time with the places of the largest values. */
function scatteredMaxGradient(g: Tensor, x: Tensor, attributes: Readonly<Record<string, Attribute>>): Tensor {
  const places = nodeWithOutputs({ operator: 'MaxPool', inputs: [x], attributes }, [
    { dtype: 'float32', shape: g.shape },
    { dtype: 'int64', shape: g.shape },
  ])[1] as Tensor<'int64'>;
  const sums = scatterElements(zeros([sizeOf(x.shape)]), reshape(places, [-1]), reshape(g, [-1]), 0);
  return reshape(sums, x.shape);
}

/** Spread evenly over each window, by a transposed convolution with ones for one channel at a time. */
function averageGradient(
  g: Tensor,
  shape: Shape,
  kernel: readonly [number, number],
  window: Pick<ResolvedWindow, 'strides' | 'pads' | 'output'>,
  countPadding: boolean,
): Tensor {
  const { strides, pads, output } = window;
  const tiled = kernel[0] === strides[0] && kernel[1] === strides[1] && pads.every((n) => n === 0);
  if (tiled) {
    const tiles = tiling(output, kernel, [shape[2]!, shape[3]!]);
    return tiles.place(tiles.spread(tiles.rows(mul(g, 1 / (kernel[0] * kernel[1])))), shape);
  }
  const inside = (at: number, axis: 0 | 1): number => {
    if (countPadding) return kernel[axis];
    const start = at * strides[axis] - pads[axis];
    return Math.min(start + kernel[axis], shape[2 + axis]!) - Math.max(start, 0);
  };
  const shares = new Float32Array(output[0] * output[1]);
  for (let i = 0; i < shares.length; i++) {
    shares[i] = 1 / (inside(Math.floor(i / output[1]), 0) * inside(i % output[1], 1));
  }
  const each = reshape(mul(g, constant(shares, output)), [-1, 1, ...output]);
  const missing = (i: 0 | 1): number =>
    shape[2 + i]! - ((output[i] - 1) * strides[i] + kernel[i] - pads[i] - pads[i + 2]!);
  const spread = convTranspose2d(each, constant(1, [1, 1, ...kernel]), {
    strides,
    padding: pads,
    outputPadding: [missing(0), missing(1)],
  });
  return reshape(spread, shape);
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
      gradient: (g) => [averageGradient(g, x.shape, kernel, { strides, pads, output }, countPadding ?? false)],
    },
    'float32',
    [x.shape[0]!, x.shape[1]!, ...output],
  );
}
