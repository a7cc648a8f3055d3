import { shapeError } from '../error.js';
import { requireRank, sameShape } from '../shape.js';
import { stopGradient, vectorJacobian } from '../gradient.js';
import { type Tensor, constant, nodeWithOutputs } from '../tensor.js';
import { add, mul } from './arithmetic.js';
import { type ConvOptions, type ResolvedWindow, resolveWindow } from './convolution.js';
import { matmul } from './matmul.js';
import { reshape, transpose } from './movement.js';
import { gridSample } from './sampling.js';
import { gather } from './selection.js';

/** Options of {@link deformConv2d}. */
export interface DeformConvOptions extends ConvOptions {
  /** A weight for each sample, `[batch, offsetGroups · kernel height · kernel width, height', width']` (version 2 of the operation). */
  readonly mask?: Tensor | undefined;
  /** Channels are split into this many groups, each with its own offsets. */
  readonly offsetGroups?: number | undefined;
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
  return nodeWithOutputs(
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
      gradient: ([g], made) => {
        const sources = made.inputs as readonly Tensor[];
        // Cut off from what they depend on, so that only this node is differentiated.
        const leaves = sources.map((source) => stopGradient(source));
        return g ? vectorJacobian([composed(leaves, window, groups, offsetGroups)], [g], leaves) : [];
      },
    },
    [{ dtype: 'float32', shape: [x.shape[0]!, outputs, ...window.output] }],
  )[0] as Tensor;
}

/** The same convolution as sampling and a matrix product, which know their gradients; too slow and large for the way forward. */
function composed(inputs: readonly Tensor[], window: ResolvedWindow, groups: number, offsetGroups: number): Tensor {
  const [x, weights, offsets, bias, mask] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor | undefined];
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [outputs, perGroup, kernelHeight, kernelWidth] = weights.shape as [number, number, number, number];
  const taps = kernelHeight * kernelWidth;
  const [rows, columns] = window.output;
  const images = reshape(x, [batch * offsetGroups, channels / offsetGroups, height, width]);
  // [batch · offset groups, taps, 2, rows, columns], y before x, in pixels.
  const places = add(
    reshape(offsets, [batch * offsetGroups, taps, 2, rows, columns]),
    tapPlaces(kernelHeight, kernelWidth, window),
  );
  const scale = constant(Float32Array.of(2 / height, 2 / width), [2, 1, 1]);
  const shift = constant(Float32Array.of(1 / height - 1, 1 / width - 1), [2, 1, 1]);
  const normalised = transpose(add(mul(places, scale), shift), [0, 1, 3, 4, 2]);
  const grid = gather(reshape(normalised, [batch * offsetGroups, taps * rows, columns, 2]), [1, 0], 3);
  let sampled = reshape(gridSample(images, grid), [batch, offsetGroups, channels / offsetGroups, taps, rows * columns]);
  if (mask) sampled = mul(sampled, reshape(mask, [batch, offsetGroups, 1, taps, rows * columns]));
  const patches = reshape(sampled, [batch, groups, perGroup * taps, rows * columns]);
  const kernels = reshape(weights, [groups, outputs / groups, perGroup * taps]);
  const product = reshape(matmul(kernels, patches), [batch, outputs, rows, columns]);
  return add(product, reshape(bias, [outputs, 1, 1]));
}

/** Where each tap stands for each output pixel, `[taps, 2, rows, columns]`. */
function tapPlaces(kernelHeight: number, kernelWidth: number, window: ResolvedWindow): Tensor {
  const { strides, dilations, pads, output } = window;
  const data: number[] = [];
  for (let i = 0; i < kernelHeight; i++) {
    for (let j = 0; j < kernelWidth; j++) {
      for (const axis of [0, 1] as const) {
        for (let r = 0; r < output[0]; r++) {
          for (let c = 0; c < output[1]; c++) {
            data.push((axis === 0 ? r : c) * strides[axis] - pads[axis] + (axis === 0 ? i : j) * dilations[axis]);
          }
        }
      }
    }
  }
  return constant(Float32Array.from(data), [kernelHeight * kernelWidth, 2, ...output]);
}
