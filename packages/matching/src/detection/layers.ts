import {
  type AffineParameters,
  type BatchNormParameters,
  type Mode,
  type Random,
  type Tensor,
  type TensorsOf,
  batchNorm,
  batchNormParameters,
  conv,
  convParameters,
  deformConv2d,
  filledParameter,
  relu,
} from 'onnx-grad';

type PlainLayer = { readonly conv: AffineParameters; readonly norm: BatchNormParameters };

type SeparableLayer = {
  readonly depthwise: AffineParameters;
  readonly pointwise: AffineParameters;
  readonly norm: BatchNormParameters;
};

type DeformableLayer = {
  readonly offsets: AffineParameters;
  readonly conv: AffineParameters;
  readonly norm: BatchNormParameters;
};

/** A 3 × 3 layer of any kind: which one, its parameters say. */
export type Layer = PlainLayer | SeparableLayer | DeformableLayer;

/** C, S and D of Table 1: a convolution, a depthwise separable one, a deformable one. */
export type LayerKind = 'plain' | 'separable' | 'deformable';

/** Side of all kernels. */
const kernel = 3;

/** Fresh parameters. Offsets of a deformable layer begin at zero (Dai 2017), where it is an ordinary convolution. */
export function layerParameters(random: Random, kind: LayerKind, inputs: number, outputs: number): Layer {
  const norm = batchNormParameters(outputs);
  switch (kind) {
    case 'plain':
      return { conv: convParameters(random, { inputs, outputs, kernel }), norm };
    case 'separable':
      return {
        depthwise: convParameters(random, { inputs, outputs: inputs, kernel, groups: inputs }),
        pointwise: convParameters(random, { inputs, outputs, kernel: 1 }),
        norm,
      };
    case 'deformable': {
      const taps = 2 * kernel * kernel;
      const offsets = { weight: filledParameter([taps, inputs, kernel, kernel], 0), bias: filledParameter([taps], 0) };
      return { offsets, conv: convParameters(random, { inputs, outputs, kernel }), norm };
    }
  }
}

/** The layer with batch normalisation and ReLU; size stays, zeros outside. */
export function applyLayer(p: TensorsOf<Layer>, x: Tensor, mode: Mode): Tensor {
  return relu(batchNorm(p.norm, convolve(p, x), mode));
}

function convolve(p: TensorsOf<Layer>, x: Tensor): Tensor {
  if ('depthwise' in p) return conv(p.pointwise, conv(p.depthwise, x, { padding: 1 }));
  if ('offsets' in p) {
    const offsets = conv(p.offsets, x, { padding: 1 });
    return deformConv2d(x, p.conv.weight, offsets, { padding: 1, bias: p.conv.bias });
  }
  return conv(p.conv, x, { padding: 1 });
}
