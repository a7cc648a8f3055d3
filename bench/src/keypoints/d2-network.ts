import {
  type AffineParameters,
  type Random,
  type Tensor,
  type TensorsOf,
  avgPool2d,
  concat,
  constant,
  conv,
  convParameters,
  createRandom,
  decodeSafetensors,
  floatTensors,
  maxPool2d,
  relu,
  replaceParameters,
  sub,
} from 'onnx-grad';

/** Layers of VGG-16 up to conv4_3: number in the published list, inputs, outputs, dilation. */
const layers = [
  [0, 3, 64, 1],
  [2, 64, 64, 1],
  [5, 64, 128, 1],
  [7, 128, 128, 1],
  [10, 128, 256, 1],
  [12, 256, 256, 1],
  [14, 256, 256, 1],
  [17, 256, 512, 2],
  [19, 512, 512, 2],
  [21, 512, 512, 2],
] as const;

/** D2-Net's parameters, named as in the published `d2_tf.pth`. */
export type D2Parameters = {
  readonly dense_feature_extraction: { readonly model: { readonly [layer: string]: AffineParameters } };
};

/** Fresh parameters. */
export function d2Parameters(random: Random): D2Parameters {
  const model = layers.map(
    ([index, inputs, outputs]) => [String(index), convParameters(random, { inputs, outputs, kernel: 3 })] as const,
  );
  return { dense_feature_extraction: { model: Object.fromEntries(model) } };
}

/**
 * Reads D2-Net's weights from a safetensors file of the published arrays (`dense_feature_extraction.model.0.weight`, …).
 *
 * @throws OnnxGradError `missing-parameter`, `unknown-parameter` or `shape-mismatch`, naming the array
 */
export function loadD2(file: Uint8Array): D2Parameters {
  return replaceParameters(d2Parameters(createRandom(0)), floatTensors(decodeSafetensors(file)));
}

/** Means of blue, green and red that Caffe's VGG takes away. */
const means = [103.939, 116.779, 123.68];

/**
 * D2-Net's features (Dusmet et al. 2019), which are descriptors and detection scores at once: VGG-16 up to conv4_3 with the third
 * pooling of stride 1 and dilation after it, so that the resolution is a quarter.
 *
 * @param grey - `[1, 1, height, width]`, 0 to 255, taken for all three colours; sides are multiples of 4
 * @returns `[1, 512, height / 4 − 1, width / 4 − 1]`
 */
export function d2Features(p: TensorsOf<D2Parameters>, grey: Tensor): Tensor {
  const { model } = p.dense_feature_extraction;
  let x = sub(concat([grey, grey, grey], 1), constant(Float32Array.from(means), [1, 3, 1, 1]));
  for (const [index, , , dilation] of layers) {
    x = conv(model[String(index)]!, x, { padding: dilation, dilations: dilation });
    // The last layer's rectifier is part of detection and description.
    x = relu(x);
    if (index === 2 || index === 7) x = maxPool2d(x, 2);
    if (index === 14) x = avgPool2d(x, 2, { strides: 1 });
  }
  return x;
}
