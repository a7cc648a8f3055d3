import {
  type Tensor,
  add,
  broadcastTo,
  constant,
  gridSample,
  identityGrid,
  l2Normalize,
  logSoftmax,
  matmul,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  sub,
  transpose,
} from 'onnx-grad';
import { maskedMean } from './masked-mean.js';

/** Px between the places that features are compared at. */
const placeSpacing = 8;
/** What cosines are multiplied by to be scores. */
const cosineSharpness = 12;

/**
 * Cross-entropy of finding each place of a grid among all of them in the other image, by the cosines of features.
 *
 * @param first - `[batch, channels, side / stride, side / stride]`
 * @param second - the same of the other image
 */
export function contrast(
  first: Tensor,
  second: Tensor,
  { grid, both }: { readonly grid: Tensor; readonly both: Tensor },
): Tensor {
  const [batch, side] = grid.shape as [number, number];
  const pick = (x: Tensor, axes: readonly [number, number]): Tensor =>
    slice(x, {
      axes,
      starts: [placeSpacing / 2, placeSpacing / 2],
      ends: [side, side],
      steps: [placeSpacing, placeSpacing],
    });
  const there = pick(grid, [1, 2]);
  const n = there.shape[1]! * there.shape[2]!;
  const here = broadcastTo(pick(identityGrid(side, side), [1, 2]), there.shape);
  // Rectified features are all positive: about their mean, those of other places can be opposite.
  const centred = (x: Tensor): Tensor => sub(x, reduceMean(x, { axes: [0, 2, 3], keepDims: true }));
  const at = (features: Tensor, places: Tensor): Tensor =>
    l2Normalize(
      reshape(gridSample(centred(features), places, { padding: 'border' }), [batch, features.shape[1]!, n]),
      1,
    );
  const seen = reshape(pick(both, [2, 3]), [batch, 1, n]);
  const scores = mul(matmul(transpose(at(first, here), [0, 2, 1]), at(second, there)), cosineSharpness);
  const diagonal = constant(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
    [1, n, n],
  );
  const miss = (x: Tensor): Tensor => {
    const right = logSoftmax(add(x, mul(sub(seen, 1), 1e4)));
    return neg(maskedMean(reduceSum(mul(right, diagonal), { axes: [2] }), reshape(seen, [batch, n])));
  };
  return mul(add(miss(scores), miss(transpose(scores, [0, 2, 1]))), 0.5);
}
