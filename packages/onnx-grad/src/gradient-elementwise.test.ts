import { describe, it } from 'vitest';
import { holds, shape, awayFromZero, positive, broadcasting } from './gradient-check.test.program.js';
import {
  type Tensor,
  abs,
  add,
  atan,
  clip,
  cos,
  cumsum,
  div,
  erf,
  exp,
  gelu,
  leakyRelu,
  log,
  logSoftmax,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceSum,
  relu,
  sigmoid,
  sin,
  softmax,
  softplus,
  sqrt,
  stopGradient,
  sub,
  tanh,
  topK,
  where,
  greater,
} from './index.js';

describe('gradients of arithmetic agree with differences', () => {
  const operations = {
    add,
    sub,
    mul,
    maximum,
    minimum,
    where: (a: Tensor, b: Tensor) => where(greater(stopGradient(sub(a, b)), 0), a, mul(b, 2)),
  };
  for (const [name, build] of Object.entries(operations)) {
    it(
      name,
      holds(broadcasting, (shapes) => ({ shapes, build, step: 5e-4 })),
    );
  }
  it(
    'div',
    holds(broadcasting, (shapes) => ({ shapes, build: div, values: (v, i) => (i === 1 ? awayFromZero(v) * 2 : v) })),
  );
  it(
    'pow',
    holds(broadcasting, (shapes) => ({ shapes, build: pow, values: (v, i) => (i === 0 ? positive(v) : v) })),
  );
});

describe('gradients of functions of one variable agree with differences', () => {
  const everywhere = {
    neg,
    exp,
    sin,
    cos,
    atan,
    tanh,
    sigmoid,
    softplus,
    erf,
    gelu,
    square: (x: Tensor) => pow(x, 2),
    product: (x: Tensor) => mul(x, x),
    softmax: (x: Tensor) => softmax(x, 0),
    logSoftmax: (x: Tensor) => logSoftmax(x),
    sum: (x: Tensor) => reduceSum(x, { axes: [-1] }),
    mean: (x: Tensor) => reduceMean(mul(x, x), { axes: [0], keepDims: true }),
    meanOfAll: (x: Tensor) => reduceMean(mul(x, x)),
    cumsum: (x: Tensor) => cumsum(x, 0),
    cumsumBack: (x: Tensor) => cumsum(x, -1, { reverse: true, exclusive: true }),
  };
  for (const [name, build] of Object.entries(everywhere))
    it(
      name,
      holds(shape, (s) => ({ shapes: [s], build })),
    );
  const kinked = { abs, relu, leakyRelu: (x: Tensor) => leakyRelu(x, 0.3), clip: (x: Tensor) => clip(x, -0.1, 0.1) };
  for (const [name, build] of Object.entries(kinked)) {
    it(
      name,
      holds(shape, (s) => ({ shapes: [s], build, values: awayFromZero })),
    );
  }
  for (const [name, build] of Object.entries({ sqrt, log })) {
    it(
      name,
      holds(shape, (s) => ({ shapes: [s], build, values: positive })),
    );
  }
  // Far apart, or a step would change which is largest.
  const apart = (v: number): number => Math.round(v * 1e4) / 10;
  it(
    'reduceMax',
    holds(shape, (s) => ({ shapes: [s], build: (x) => reduceMax(x, { axes: [0] }), values: apart })),
  );
  it(
    'reduceMin',
    holds(shape, (s) => ({ shapes: [s], build: (x) => reduceMin(x, { axes: [-1], keepDims: true }), values: apart })),
  );
  it(
    'topK',
    holds(shape, (s) => ({
      shapes: [s],
      build: (x) => topK(x, Math.ceil(s[0]! / 2), { axis: 0 }).values,
      values: apart,
    })),
  );
});
