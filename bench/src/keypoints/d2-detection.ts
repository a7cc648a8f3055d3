import {
  type Tensor,
  abs,
  add,
  cast,
  constant,
  conv2d,
  div,
  equal,
  greater,
  less,
  maxPool2d,
  mul,
  neg,
  reduceMax,
  reduceSum,
  sub,
  where,
} from 'onnx-grad';

/** Where D2-Net's features have keypoints. */
export interface D2Detections {
  /** `[1, 1, height, width]`: the feature of the keypoint there, 0 where there is none. */
  readonly strength: Tensor;
  /** Likewise: how far right and down of the sample the keypoint lies, samples. */
  readonly right: Tensor;
  readonly down: Tensor;
}

/** Ratio of curvatures above which a maximum lies on an edge (Lowe 2004). */
const edge = 5;

/** A 3 × 3 filter of each channel by itself. */
function filter(x: Tensor, kernel: readonly number[]): Tensor {
  const channels = x.shape[1]!;
  const weights = Float32Array.from({ length: 9 * channels }, (_, i) => kernel[i % 9]!);
  return conv2d(x, constant(weights, [channels, 1, 3, 3]), { padding: 1, groups: channels });
}

/**
 * D2-Net's hard detection (Dusmet et al. 2019, §3.1): features that are the largest of all channels at their place and of their 3 × 3
 * within their channel, not on an edge, refined by a step of Newton's method of less than half a sample.
 *
 * @param features - `[1, channels, height, width]`
 */
export function d2Detections(features: Tensor): D2Detections {
  const yy = filter(features, [0, 1, 0, 0, -2, 0, 0, 1, 0]);
  const xx = filter(features, [0, 0, 0, 1, -2, 1, 0, 0, 0]);
  const xy = filter(features, [0.25, 0, -0.25, 0, 0, 0, -0.25, 0, 0.25]);
  const y = filter(features, [0, -0.5, 0, 0, 0, 0, 0, 0.5, 0]);
  const x = filter(features, [0, 0, 0, -0.5, 0, 0.5, 0, 0, 0]);
  const determinant = sub(mul(xx, yy), mul(xy, xy));
  const trace = add(xx, yy);
  const safe = where(greater(abs(determinant), 1e-12), determinant, constant(1));
  const right = neg(div(sub(mul(yy, x), mul(xy, y)), safe));
  const down = neg(div(sub(mul(xx, y), mul(xy, x)), safe));
  const one = (test: Tensor<'bool'>): Tensor => cast(test, 'float32');
  const conditions = [
    one(equal(features, reduceMax(features, { axes: [1], keepDims: true }))),
    one(equal(features, maxPool2d(features, 3, { strides: 1, padding: 1 }))),
    one(greater(features, 0)),
    one(greater(determinant, 0)),
    one(less(mul(trace, trace), mul(determinant, (edge + 1) ** 2 / edge))),
    one(less(abs(right), 0.5)),
    one(less(abs(down), 0.5)),
  ];
  const detected = conditions.reduce((all, condition) => mul(all, condition));
  const read = (values: Tensor): Tensor => reduceSum(mul(values, detected), { axes: [1], keepDims: true });
  return { strength: read(features), right: read(right), down: read(down) };
}
