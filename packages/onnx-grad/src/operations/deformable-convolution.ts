import { shapeError } from '../error.js';
import { requireRank, sameShape } from '../shape.js';
import { type Tensor, constant, node } from '../tensor.js';
import { type ConvOptions, resolveWindow } from './convolution.js';

/** Options of {@link deformConv2d}. */
export interface DeformConvOptions extends ConvOptions {
  /** A weight for each sample, `[batch, offsetGroups · kernel height · kernel width, height', width']` (version 2 of the operation). */
  readonly mask?: Tensor;
  /** Channels are split into this many groups, each with its own offsets. */
  readonly offsetGroups?: number;
}

/**
 * Deformable convolution: each tap of the kernel samples the image (bilinear, zero outside) at its usual place plus an offset
 * (Dai 2017; with a mask Zhu 2019).
 *
 * @param x - `[batch, channels, height, width]`
 * @param weights - `[outputs, channels / groups, kernel height, kernel width]`
 * @param offsets - `[batch, offsetGroups · kernel height · kernel width · 2, height', width']`, y before x for each tap, in pixels
 */
export function deformConv2d(x: Tensor, weights: Tensor, offsets: Tensor, options: DeformConvOptions = {}): Tensor {
  requireRank('deformConv2d', x.shape, 4, 'the image [batch, channels, height, width]');
  requireRank('deformConv2d', weights.shape, 4, 'the weights [outputs, channels / groups, height, width]');
  const groups = options.groups ?? 1;
  const offsetGroups = options.offsetGroups ?? 1;
  const [outputs, perGroup, kernelHeight, kernelWidth] = weights.shape as [number, number, number, number];
  if (x.shape[1] !== perGroup * groups || outputs % groups !== 0 || x.shape[1] % offsetGroups !== 0) {
    throw shapeError('deformConv2d', [x.shape, weights.shape], `channels do not fit ${groups} groups`);
  }
  const window = resolveWindow('deformConv2d', x.shape, [kernelHeight, kernelWidth], options);
  const taps = offsetGroups * kernelHeight * kernelWidth;
  if (!sameShape(offsets.shape, [x.shape[0]!, taps * 2, ...window.output])) {
    const expected = [x.shape[0]!, taps * 2, ...window.output].join(', ');
    throw shapeError('deformConv2d', [x.shape, weights.shape, offsets.shape], `the offsets must be [${expected}]`);
  }
  if (options.mask && !sameShape(options.mask.shape, [x.shape[0]!, taps, ...window.output])) {
    throw shapeError('deformConv2d', [offsets.shape, options.mask.shape], 'the mask needs one channel for each tap');
  }
  // ORT wants a bias in place where a mask follows.
  const bias = options.bias ?? constant(0, [outputs]);
  const { strides, dilations, pads } = window;
  return node(
    {
      operator: 'DeformConv',
      inputs: options.mask ? [x, weights, offsets, bias, options.mask] : [x, weights, offsets, bias],
      attributes: {
        kernel_shape: [kernelHeight, kernelWidth],
        strides,
        dilations,
        pads,
        group: groups,
        offset_group: offsetGroups,
      },
    },
    'float32',
    [x.shape[0]!, outputs, ...window.output],
  );
}
