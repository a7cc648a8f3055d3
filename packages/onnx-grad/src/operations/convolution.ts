import { argumentError, shapeError } from '../error.js';
import { type Pair, pairOf, requireRank, sameShape } from '../shape.js';
import { type Tensor, node } from '../tensor.js';
import { filterGradient } from './filter-gradient.js';
import { reshape, slice, transpose } from './movement.js';
import { reduceSum } from './reduction.js';

/** Zeros around an image: one number, `[vertical, horizontal]`, `[top, left, bottom, right]`, or `same` for an output as large as the input over the stride. */
export type Padding = number | readonly [number, number] | readonly [number, number, number, number] | 'same' | 'valid';

/** How a window moves over an image. */
export interface WindowOptions {
  readonly strides?: Pair | undefined;
  readonly padding?: Padding | undefined;
  readonly dilations?: Pair | undefined;
}

/** A window's steps written out, with the size of what it makes. */
export interface ResolvedWindow {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** `[top, left, bottom, right]` */
  readonly pads: readonly [number, number, number, number];
  readonly output: readonly [number, number];
}

function sameExtent(size: number, kernel: number, stride: number, dilation: number): readonly [number, number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + (kernel - 1) * dilation + 1 - size);
  // The odd one goes behind, as TensorFlow and ONNX's SAME_UPPER have it.
  return [total >> 1, total - (total >> 1)];
}

function resolvePadding(
  padding: Padding,
  image: readonly [number, number],
  kernel: readonly [number, number],
  strides: readonly [number, number],
  dilations: readonly [number, number],
): readonly [number, number, number, number] {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    const [top, bottom] = sameExtent(image[0], kernel[0], strides[0], dilations[0]);
    const [left, right] = sameExtent(image[1], kernel[1], strides[1], dilations[1]);
    return [top, left, bottom, right];
  }
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  if (padding.length === 2) return [padding[0], padding[1], padding[0], padding[1]];
  return padding;
}

/** The window's options written out for an image of this size; throws where no window fits. */
export function resolveWindow(
  operation: string,
  imageShape: readonly number[],
  kernel: readonly [number, number],
  options: WindowOptions,
): ResolvedWindow {
  const image = [imageShape[2]!, imageShape[3]!] as const;
  const strides = pairOf(options.strides ?? 1);
  const dilations = pairOf(options.dilations ?? 1);
  if ([...strides, ...dilations].some((n) => !Number.isInteger(n) || n < 1)) {
    throw argumentError(operation, 'strides and dilations must be whole numbers from 1', { strides, dilations });
  }
  const pads = resolvePadding(options.padding ?? 0, image, kernel, strides, dilations);
  if (pads.some((n) => !Number.isInteger(n) || n < 0)) {
    throw argumentError(operation, 'padding must be whole numbers from 0', pads);
  }
  const along = (i: 0 | 1): number =>
    Math.floor((image[i] + pads[i] + pads[i + 2]! - (kernel[i] - 1) * dilations[i] - 1) / strides[i]) + 1;
  const output = [along(0), along(1)] as const;
  if (output[0] < 1 || output[1] < 1) {
    throw shapeError(operation, [imageShape, kernel], 'the window is larger than the padded image');
  }
  return { strides, dilations, pads, output };
}

/** Options of {@link conv2d}. */
export interface ConvOptions extends WindowOptions {
  /** `[outputs]` */
  readonly bias?: Tensor | undefined;
  /** Input and output channels are split into this many separate convolutions; as many as channels makes it depthwise. */
  readonly groups?: number | undefined;
}

/**
 * Two-dimensional convolution (a correlation, as in all deep learning).
 *
 * @param x - `[batch, channels, height, width]`
 * @param weights - `[outputs, channels / groups, kernel height, kernel width]`
 * @returns `[batch, outputs, height', width']`
 */
export function conv2d(x: Tensor, weights: Tensor, options: ConvOptions = {}): Tensor {
  requireRank('conv2d', x.shape, 4, 'the image [batch, channels, height, width]');
  requireRank('conv2d', weights.shape, 4, 'the weights [outputs, channels / groups, height, width]');
  const groups = options.groups ?? 1;
  const [outputs, perGroup, kernelHeight, kernelWidth] = weights.shape as [number, number, number, number];
  if (x.shape[1] !== perGroup * groups || outputs % groups !== 0) {
    throw shapeError('conv2d', [x.shape, weights.shape], `channels do not fit the weights with ${groups} groups`);
  }
  if (options.bias && !sameShape(options.bias.shape, [outputs])) {
    throw shapeError('conv2d', [weights.shape, options.bias.shape], 'the bias needs one value for each output');
  }
  const kernel = [kernelHeight, kernelWidth] as const;
  const window = resolveWindow('conv2d', x.shape, kernel, options);
  const { strides, dilations, pads, output } = window;
  return node(
    {
      operator: 'Conv',
      inputs: options.bias ? [x, weights, options.bias] : [x, weights],
      attributes: { kernel_shape: kernel, strides, dilations, pads, group: groups },
      gradient: (g) => [
        inputGradient(x, weights, g, window, groups),
        filterGradient(x, g, kernel, window, groups),
        options.bias && reduceSum(g, { axes: [0, 2, 3] }),
      ],
    },
    'float32',
    [x.shape[0]!, outputs, ...output],
  );
}

/**
 * The gradient of a convolution to its input: the transposed convolution, or where that is slower (one pixel kernels and groups)
 * and the stride allows it, a convolution with the turned kernel.
 */
function inputGradient(x: Tensor, weights: Tensor, g: Tensor, window: ResolvedWindow, groups: number): Tensor {
  const { strides, dilations, pads } = window;
  const [outputs, perGroup, kernelHeight, kernelWidth] = weights.shape as [number, number, number, number];
  const reach = [(kernelHeight - 1) * dilations[0], (kernelWidth - 1) * dilations[1]] as const;
  const back = [reach[0] - pads[0], reach[1] - pads[1], reach[0] - pads[2], reach[1] - pads[3]] as const;
  const direct = groups > 1 || kernelHeight * kernelWidth === 1;
  if (direct && strides[0] === 1 && strides[1] === 1 && back.every((n) => n >= 0)) {
    const turned = slice(weights, { starts: [-1, -1], ends: [-Infinity, -Infinity], axes: [2, 3], steps: [-1, -1] });
    const grouped = reshape(turned, [groups, outputs / groups, perGroup, kernelHeight, kernelWidth]);
    const swapped = reshape(transpose(grouped, [0, 2, 1, 3, 4]), [
      groups * perGroup,
      outputs / groups,
      kernelHeight,
      kernelWidth,
    ]);
    return conv2d(g, swapped, { padding: back, dilations, groups });
  }
  const missing = (i: 0 | 1): number =>
    x.shape[2 + i]! - ((g.shape[2 + i]! - 1) * strides[i] + reach[i] + 1 - pads[i] - pads[i + 2]!);
  return convTranspose2d(g, weights, {
    strides,
    dilations,
    padding: pads,
    groups,
    outputPadding: [missing(0), missing(1)],
  });
}

/** Options of {@link convTranspose2d}. */
export interface ConvTransposeOptions extends ConvOptions {
  /** Rows and columns added at the bottom and right, to choose among the sizes a stride allows. */
  readonly outputPadding?: Pair | undefined;
}

/**
 * Transposed convolution: the gradient of {@link conv2d} to its input, used to enlarge.
 *
 * Padding is taken away from the output; `same` makes it input size times stride.
 *
 * @param x - `[batch, channels, height, width]`
 * @param weights - `[channels, outputs / groups, kernel height, kernel width]`
 */
export function convTranspose2d(x: Tensor, weights: Tensor, options: ConvTransposeOptions = {}): Tensor {
  requireRank('convTranspose2d', x.shape, 4, 'the image [batch, channels, height, width]');
  requireRank('convTranspose2d', weights.shape, 4, 'the weights [channels, outputs / groups, height, width]');
  const groups = options.groups ?? 1;
  const [channels, perGroup, kernelHeight, kernelWidth] = weights.shape as [number, number, number, number];
  if (x.shape[1] !== channels || channels % groups !== 0) {
    throw shapeError(
      'convTranspose2d',
      [x.shape, weights.shape],
      `channels do not fit the weights with ${groups} groups`,
    );
  }
  const outputs = perGroup * groups;
  if (options.bias && !sameShape(options.bias.shape, [outputs])) {
    throw shapeError(
      'convTranspose2d',
      [weights.shape, options.bias.shape],
      'the bias needs one value for each output',
    );
  }
  const kernel = [kernelHeight, kernelWidth] as const;
  const strides = pairOf(options.strides ?? 1);
  const dilations = pairOf(options.dilations ?? 1);
  const outputPadding = pairOf(options.outputPadding ?? 0);
  const large = [x.shape[2]! * strides[0], x.shape[3]! * strides[1]] as const;
  const pads = resolvePadding(options.padding ?? 0, large, kernel, strides, dilations);
  const along = (i: 0 | 1): number =>
    (x.shape[2 + i]! - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 + outputPadding[i] - pads[i] - pads[i + 2]!;
  const shape = [x.shape[0]!, outputs, along(0), along(1)];
  if (shape[2]! < 1 || shape[3]! < 1) {
    throw shapeError('convTranspose2d', [x.shape, weights.shape], 'nothing is left of the output');
  }
  return node(
    {
      operator: 'ConvTranspose',
      inputs: options.bias ? [x, weights, options.bias] : [x, weights],
      attributes: { kernel_shape: kernel, strides, dilations, pads, output_padding: outputPadding, group: groups },
      gradient: (g) => [
        conv2d(g, weights, { strides, dilations, padding: pads, groups }),
        filterGradient(g, x, kernel, { strides, dilations, pads }, groups),
        options.bias && reduceSum(g, { axes: [0, 2, 3] }),
      ],
    },
    'float32',
    shape,
  );
}
