import {
  type AffineParameters,
  type Random,
  type Tensor,
  type TensorsOf,
  conv,
  convParameters,
  createRandom,
  decodeSafetensors,
  floatTensors,
  l2Normalize,
  maxPool2d,
  relu,
  replaceParameters,
  reshape,
  slice,
  softmax,
  transpose,
} from 'onnx-grad';

/** Side of the square of pixels that one sample of the heads stands for. */
const cell = 8;

/** Inputs, outputs and kernel of each layer, by the names of the published weights. */
const sizes = {
  conv1a: [1, 64, 3],
  conv1b: [64, 64, 3],
  conv2a: [64, 64, 3],
  conv2b: [64, 64, 3],
  conv3a: [64, 128, 3],
  conv3b: [128, 128, 3],
  conv4a: [128, 128, 3],
  conv4b: [128, 128, 3],
  convPa: [128, 256, 3],
  convPb: [256, cell * cell + 1, 1],
  convDa: [128, 256, 3],
  convDb: [256, 256, 1],
} as const;

/** SuperPoint's parameters, named as in the published `superpoint_v1.pth`. */
export type SuperPointParameters = { readonly [name in keyof typeof sizes]: AffineParameters };

/** Fresh parameters. */
export function superPointParameters(random: Random): SuperPointParameters {
  const layers = Object.entries(sizes).map(
    ([name, [inputs, outputs, kernel]]) => [name, convParameters(random, { inputs, outputs, kernel })] as const,
  );
  // The entries are those of `sizes`.
  return Object.fromEntries(layers) as SuperPointParameters;
}

/**
 * Reads SuperPoint's weights from a safetensors file of the published arrays (`conv1a.weight`, `conv1a.bias`, …).
 *
 * @throws OnnxGradError `missing-parameter`, `unknown-parameter` or `shape-mismatch`, naming the array
 */
export function loadSuperPoint(file: Uint8Array): SuperPointParameters {
  return replaceParameters(superPointParameters(createRandom(0)), floatTensors(decodeSafetensors(file)));
}

/** What SuperPoint says of an image. */
export interface SuperPointMaps {
  /** `[batch, 1, height, width]`: how likely each pixel is a keypoint. */
  readonly heat: Tensor;
  /** `[batch, height / 8, width / 8, 256]`, of unit length. */
  readonly descriptors: Tensor;
}

/**
 * SuperPoint (DeTone, Malisiewicz and Rabinovich 2018): a VGG-like encoder at an eighth of the resolution, a head that says which
 * pixel of each square of eight, if any, is a keypoint, and one for descriptors.
 *
 * @param grey - `[batch, 1, height, width]`, 0 to 1; sides are multiples of 8
 */
export function superPointMaps(p: TensorsOf<SuperPointParameters>, grey: Tensor): SuperPointMaps {
  const layer = (q: TensorsOf<AffineParameters>, x: Tensor): Tensor => relu(conv(q, x, { padding: 1 }));
  const stage = (a: TensorsOf<AffineParameters>, b: TensorsOf<AffineParameters>, x: Tensor): Tensor =>
    layer(b, layer(a, x));
  let x = maxPool2d(stage(p.conv1a, p.conv1b, grey), 2);
  x = maxPool2d(stage(p.conv2a, p.conv2b, x), 2);
  x = maxPool2d(stage(p.conv3a, p.conv3b, x), 2);
  x = stage(p.conv4a, p.conv4b, x);
  const logits = conv(p.convPb, layer(p.convPa, x));
  // The last channel says that there is no keypoint.
  const pixels = slice(softmax(logits, 1), { axes: [1], starts: [0], ends: [cell * cell] });
  const [batch, , height, width] = logits.shape as [number, number, number, number];
  const squares = transpose(reshape(pixels, [batch, cell, cell, height, width]), [0, 3, 1, 4, 2]);
  const described = conv(p.convDb, layer(p.convDa, x));
  return {
    heat: reshape(squares, [batch, 1, height * cell, width * cell]),
    descriptors: l2Normalize(transpose(described, [0, 2, 3, 1]), -1),
  };
}
