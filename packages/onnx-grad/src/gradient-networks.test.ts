import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { holds, size } from './gradient-check.test.program.js';
import {
  type Tensor,
  attention,
  batchNormalize,
  batchNormalizeTraining,
  binaryCrossEntropy,
  bivariateGaussianLoss,
  crossEntropy,
  groupNormalize,
  hingeLoss,
  huberLoss,
  l2Normalize,
  layerNormalize,
  meanSquaredError,
  tripletMarginLoss,
  tripletRatioLoss,
  sigmoid,
  softmax,
} from './index.js';

describe('gradients of networks and losses agree with differences', () => {
  const image = fc.tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 1, max: 2 }), size, size);
  const spreadOut = (v: number): number => v * 2;
  it(
    'layerNormalize',
    holds(fc.tuple(size, fc.integer({ min: 2, max: 6 })), ([n, width]) => ({
      shapes: [[n, 2, width], [width], [width]],
      build: (x, scale, shift) => layerNormalize(x, scale!, shift!, { epsilon: 0.01 }),
      values: spreadOut,
    })),
  );
  it(
    'groupNormalize',
    holds(image, ([n, groups, h, w]) => ({
      shapes: [[n, groups * 2, h, w], [groups * 2], [groups * 2]],
      build: (x, scale, shift) => groupNormalize(x, groups, scale!, shift!, { epsilon: 0.05 }),
      values: spreadOut,
    })),
  );
  it(
    'batchNormalizeTraining',
    holds(image, ([n, c, h, w]) => ({
      shapes: [[n, c, h, w], [c], [c]],
      build: (x, scale, shift) => batchNormalizeTraining(x, scale!, shift!, { epsilon: 0.05 }).output,
      values: spreadOut,
    })),
  );
  it(
    'batchNormalize',
    holds(image, ([n, c, h, w]) => ({
      shapes: [[n, c, h, w], [c], [c], [c], [c]],
      build: (x, scale, shift, mean, variance) => batchNormalize(x, scale!, shift!, mean!, variance!),
      values: (v, i) => (i === 4 ? Math.abs(v) + 0.3 : v),
    })),
  );
  it(
    'l2Normalize',
    holds(image, (s) => ({ shapes: [s], build: (x) => l2Normalize(x), values: (v) => v + 1.5 })),
  );
  it(
    'attention',
    holds(image, ([n, heads, q, k]) => ({
      shapes: [
        [n, heads, q, 4],
        [n, heads, k, 4],
        [n, heads, k, 3],
        [q, k],
      ],
      build: (query, key, value, mask) => attention(query, key!, value!, mask),
    })),
  );
  const rows = fc.tuple(size, size);
  const pairwise = {
    huber: (a: Tensor, b: Tensor) => huberLoss(a, b, { delta: 0.4 }),
    squared: (a: Tensor, b: Tensor) => meanSquaredError(a, b),
    binary: (a: Tensor, b: Tensor) => binaryCrossEntropy(a, sigmoid(b)),
    classes: (a: Tensor, b: Tensor) => crossEntropy(a, softmax(b)),
    hinge: (a: Tensor, b: Tensor) => hingeLoss(a, b),
  };
  for (const [name, build] of Object.entries(pairwise)) {
    it(
      name,
      holds(rows, (s) => ({ shapes: [s, s], build, step: 5e-4 })),
    );
  }
  for (const [name, build] of Object.entries({ tripletMarginLoss, tripletRatioLoss })) {
    it(
      name,
      holds(rows, (s) => ({ shapes: [s, s, s], build: (a, p, n) => build(a, p, n), step: 5e-4 })),
    );
  }
  it(
    'bivariateGaussianLoss',
    holds(size, (n) => ({
      shapes: [
        [n, 2],
        [n, 3],
      ],
      build: (error, spread) => bivariateGaussianLoss(error, spread!),
    })),
  );
});
