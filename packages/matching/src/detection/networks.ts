import {
  type AffineParameters,
  type Mode,
  type ParameterTree,
  type Random,
  type Tensor,
  type TensorsOf,
  add,
  avgPool2d,
  concat,
  convParameters,
  maxPool2d,
  reshape,
  transpose,
} from 'onnx-grad';
import { applyLayer, type Layer, type LayerKind, layerParameters } from './layers.js';

/** Parameters of a {@link DetectionNetwork}: its own, and one head a scale for where confidence is upsampled by learned weights. */
export type DetectionParameters = {
  readonly upsampling: readonly AffineParameters[];
  readonly [part: string]: ParameterTree;
};

/** Parameters of a network of Table 1. */
type TableParameters = {
  /** c-0 and c-1. */
  readonly stem: readonly Layer[];
  /** c-2, c-3 and c-4. */
  readonly reuse: readonly (readonly Layer[])[];
  /** S-0 to S-20 in groups of three. */
  readonly body: readonly (readonly Layer[])[];
  /** D-0 to D-2. */
  readonly decoder: readonly Layer[];
  readonly upsampling: readonly AffineParameters[];
};

/** Features of one of the three scales. */
export interface ScaleFeatures {
  /** `[batch, channels, height / stride, width / stride]` */
  readonly features: Tensor;
  /** Image px a sample, along each axis. */
  readonly stride: number;
}

/** A network whose features at three scales say where keypoints are. */
export interface DetectionNetwork {
  readonly name: string;
  /** Width and height of its images are multiples of this, px. */
  readonly multiple: number;
  /** Tiles of an image overlap by this on each side, px. */
  readonly margin: number;
  /** Px from the border and from invalid ground within which what it says has mostly to do with the zeros it sees there. */
  readonly spoiled: number;
  readonly create: (random: Random) => DetectionParameters;
  /**
   * @param images - `[batch, 1, height, width]` of zero mean and unit variance
   * @returns the features of S-8, S-20 and D-2
   */
  readonly build: (parameters: TensorsOf<DetectionParameters>, images: Tensor, mode: Mode) => readonly ScaleFeatures[];
}

/** A network whose parameters the compiler knows. */
interface Definition<P extends DetectionParameters> extends Omit<DetectionNetwork, 'create' | 'build'> {
  readonly create: (random: Random) => P;
  readonly build: (parameters: TensorsOf<P>, images: Tensor, mode: Mode) => readonly ScaleFeatures[];
}

/** Forgets the type of the parameters, so that networks can stand for each other. */
function detectionNetworkOf<P extends DetectionParameters>(definition: Definition<P>): DetectionNetwork {
  return definition as unknown as DetectionNetwork;
}

/** The head of a scale: its features to {@link upsampledChannels} at every pixel of a sample's square. */
function headParameters(random: Random, inputs: number, stride: number): AffineParameters {
  return convParameters(random, { inputs, outputs: upsampledChannels * stride * stride, kernel: 1 });
}

/** What varies between networks of Table 1. */
export interface TableNetworkOptions {
  /** All numbers of channels of the table times this; default 1. */
  readonly width?: number | undefined;
  /** Whether S layers are depthwise separable (DSC), or ordinary convolutions; default true. */
  readonly separable?: boolean | undefined;
  /** Whether D layers are deformable (DCN), or ordinary convolutions; default true. */
  readonly deformable?: boolean | undefined;
}

/** Channels of learned upsampling at full resolution; not scaled with the width. */
const upsampledChannels = 8;
/** Image px a sample of S-8, S-20 and D-2. */
const strides = [4, 8, 8] as const;

/**
 * The detection network of Table 1 (Li, Han and Ye 2022, §3.2), with its gaps filled thus:
 *
 * - Each layer is convolution, batch normalisation, ReLU. The kernel "2 × 2" of S-0/1/2 is read as 3 × 3 like all others: an even
 *   kernel would shift features by half a pixel three times, where positions are what is asked for. DSC is depthwise, then
 *   pointwise, as §2.1.1 says.
 * - "The previous outputs are reused": c-2, c-3 and c-4 see the output of c-1 at the full size that the table prints, and their
 *   result, averaged down to the resolution of the next group (S-0, S-3, S-6), is concatenated to its input.
 * - A group of three S layers as wide as its input adds this input to its output, as in Xception, on which the table is modelled.
 * - "S-9/10/11 is repeated three times" are the nine layers S-12 to S-20 of the table.
 * - S-8 is read before its pooling, at a quarter of the resolution, as the table's sizes have it; S-20 and D-2 at an eighth.
 */
export function tableNetwork(options: TableNetworkOptions = {}): DetectionNetwork {
  const { width = 1, separable = true, deformable = true } = options;
  const wide = (channels: number): number => Math.round(channels * width);
  const [c0, c1, reused, c4] = [wide(32), wide(64), wide(32), wide(64)];
  const groups = [64, 64, 128, 256, 512, 512, 512].map(wide);
  const decoded = wide(128);
  const s = separable ? 'separable' : 'plain';
  const d = deformable ? 'deformable' : 'plain';
  return detectionNetworkOf<TableParameters>({
    name: `table1(${width}${separable ? '' : ',cnn'}${deformable ? '' : ',rigid'})`,
    multiple: 8,
    // Most of what a far pixel can do to a score is done within this; the whole receptive field is about 150 px.
    margin: 64,
    // What did not count at the borders of training crops of 128 px: within it the surest places are on lines along the border.
    spoiled: 32,
    create(random) {
      const layer = (kind: LayerKind, inputs: number, outputs: number): Layer =>
        layerParameters(random, kind, inputs, outputs);
      const extra = [reused, reused, c4];
      return {
        stem: [layer('plain', 1, c0), layer('plain', c0, c1)],
        reuse: [
          [layer('plain', c1, reused)],
          [layer('plain', c1, reused)],
          [layer('plain', c1, reused), layer('plain', reused, c4)],
        ],
        body: groups.map((outputs, i) => {
          const inputs = (i === 0 ? c1 : groups[i - 1]!) + (extra[i] ?? 0);
          return [layer(s, inputs, outputs), layer(s, outputs, outputs), layer(s, outputs, outputs)];
        }),
        decoder: [layer(d, groups.at(-1)!, decoded), layer(d, decoded, decoded), layer(d, decoded, decoded)],
        upsampling: [groups[2]!, groups.at(-1)!, decoded].map((inputs, i) =>
          headParameters(random, inputs, strides[i]!),
        ),
      };
    },
    build(p, images, mode) {
      const run = (layers: readonly TensorsOf<Layer>[], from: Tensor): Tensor =>
        layers.reduce((x, layer) => applyLayer(layer, x, mode), from);
      const stem = run(p.stem, images);
      let x = stem;
      let first: Tensor | undefined;
      for (const [i, group] of p.body.entries()) {
        const reuse = p.reuse[i];
        if (reuse !== undefined) {
          const full = run(reuse, stem);
          x = concat([x, i === 0 ? full : avgPool2d(full, 2 ** i)], 1);
        }
        const made = run(group, x);
        x = made.shape[1] === x.shape[1] ? add(made, x) : made;
        if (i === 2) first = x;
        if (i < 3) x = maxPool2d(x, 2);
      }
      const scales = [first!, x, run(p.decoder, x)];
      return scales.map((features, i) => ({ features, stride: strides[i]! }));
    },
  });
}

/** The network of Table 1 as printed: 170 thousand multiply-adds a pixel. */
export const paperDetector: DetectionNetwork = tableNetwork();

type LightParameters = {
  readonly stem: readonly Layer[];
  readonly first: readonly Layer[];
  readonly second: readonly Layer[];
  readonly upsampling: readonly AffineParameters[];
};

/** Image px a sample of the light network's scales. */
const lightStrides = [2, 4, 4] as const;

/**
 * A light network with three outputs as Table 1's has: plain convolutions that begin at half the resolution, as what costs most there
 * are its layers at full size, and end at a quarter. For `direct` upsampling. 15 thousand multiply-adds a pixel.
 *
 * It sees 38 px to each side: so little that in training crops most of what counts is beyond the reach of their borders.
 */
export const lightDetector: DetectionNetwork = detectionNetworkOf<LightParameters>({
  name: 'light',
  multiple: 8,
  margin: 40,
  spoiled: 16,
  create(random) {
    const layer = (inputs: number, outputs: number): Layer => layerParameters(random, 'plain', inputs, outputs);
    return {
      stem: [layer(4, 32), layer(32, 32)],
      first: [layer(32, 64), layer(64, 64), layer(64, 64)],
      second: [layer(64, 64), layer(64, 64), layer(64, 64)],
      upsampling: [32, 64, 64].map((inputs) => convParameters(random, { inputs, outputs: 1, kernel: 1 })),
    };
  },
  build(p, images, mode) {
    const run = (layers: readonly TensorsOf<Layer>[], from: Tensor): Tensor =>
      layers.reduce((x, layer) => {
        const made = applyLayer(layer, x, mode);
        return made.shape[1] === x.shape[1] ? add(made, x) : made;
      }, from);
    const stem = run(p.stem, spaceToDepth(images));
    const first = run(p.first, maxPool2d(stem, 2));
    const second = run(p.second, first);
    return [stem, first, second].map((features, i) => ({ features, stride: lightStrides[i]! }));
  },
});

/** `[batch, 1, height, width]` to `[batch, 4, height / 2, width / 2]`: the pixels of each square of two by two as channels. */
function spaceToDepth(x: Tensor): Tensor {
  const [batch, , height, width] = x.shape as [number, number, number, number];
  const split = reshape(x, [batch, height / 2, 2, width / 2, 2]);
  return reshape(transpose(split, [0, 2, 4, 1, 3]), [batch, 4, height / 2, width / 2]);
}

/** Which detection network. */
export type DetectionNetworkOptions = { readonly kind: 'light' } | ({ readonly kind: 'table1' } & TableNetworkOptions);

/** The network of a description. */
export function detectionNetwork(options: DetectionNetworkOptions): DetectionNetwork {
  return options.kind === 'light' ? lightDetector : tableNetwork(options);
}
