import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
  abs,
  add,
  atan,
  avgPool2d,
  broadcastTo,
  buildModel,
  clip,
  concat,
  constant,
  conv2d,
  convTranspose2d,
  cos,
  createSession,
  cumsum,
  deformConv2d,
  div,
  einsum,
  erf,
  exp,
  floor,
  gather,
  gatherElements,
  gelu,
  gradient,
  gridSample,
  input,
  leakyRelu,
  log,
  logSoftmax,
  matmul,
  maxPool2d,
  maximum,
  minimum,
  mul,
  neg,
  node,
  pad,
  pow,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceSum,
  relu,
  reshape,
  resize,
  scatterElements,
  scatterRows,
  sigmoid,
  sin,
  sizeOf,
  slice,
  softmax,
  softplus,
  sqrt,
  squeeze,
  stopGradient,
  sub,
  tanh,
  topK,
  transpose,
  where,
  greater,
} from './index.js';

interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** From uniform noise in (−1, 1) to values of the kind this operation wants. */
  readonly values?: (noise: number, input: number) => number;
  /** The step of the differences; small where kinks stand close. */
  readonly step?: number;
}

/** Uniform noise in (−1, 1), from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/**
 * Compares the gradient of a randomly weighted sum of the outputs with central differences along random directions.
 *
 * Directions are compared instead of single elements: one pair of runs then tests every element at once.
 */
async function check({ shapes, build, values = (v) => v, step = 2e-3 }: Case, seed: number): Promise<void> {
  const random = generator(seed);
  const noise = (length: number): Float32Array => Float32Array.from({ length }, random);
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape));
  const output = build(...inputs);
  const weights = constant(noise(sizeOf(output.shape)), output.shape);
  const weighted = mul(output, weights);
  const gradients = gradient(reduceSum(weighted), inputs);
  const model = buildModel({
    inputs,
    outputs: { output, ...Object.fromEntries(gradients.map((g, i) => [`g${i}`, g])) },
  });
  await using session = await createSession(model, { backend: 'node' });
  const at = shapes.map((shape, i) => noise(sizeOf(shape)).map((v) => values(v, i)));
  const run = async (points: readonly Float32Array[]): Promise<Record<string, Float32Array>> =>
    (await session.run(Object.fromEntries(points.map((p, i) => [`x${i}`, p])))) as Record<string, Float32Array>;
  const here = await run(at);
  for (const [i, shape] of shapes.entries()) {
    expect(gradients[i]!.shape).toEqual(shape);
    for (let trial = 0; trial < 3; trial++) {
      const direction = noise(at[i]!.length);
      const moved = (by: number): Float32Array[] =>
        at.with(
          i,
          at[i]!.map((v, k) => v + by * direction[k]!),
        );
      const [ahead, behind] = [await run(moved(step)), await run(moved(-step))];
      let numeric = 0;
      let scale = 0;
      for (const [k, weight] of weights.data!.entries()) {
        numeric += (weight * (ahead['output']![k]! - behind['output']![k]!)) / (2 * step);
        scale += Math.abs(weight * here['output']![k]!);
      }
      const analytic = here[`g${i}`]!.reduce((sum, g, k) => sum + g * direction[k]!, 0);
      const size = Math.hypot(...here[`g${i}`]!) * Math.hypot(...direction);
      // Rounding of 32-bit outputs divided by the step, and the curvature, bound what differences can tell.
      expect(Math.abs(analytic - numeric), `input ${i}: ${analytic} against ${numeric}`).toBeLessThan(
        2e-3 * size + (1e-7 * scale) / step + 2e-3,
      );
    }
  }
}

/** Runs the check for random shapes and attributes. */
function holds<T>(arbitrary: fc.Arbitrary<T>, makeCase: (value: T) => Case, runs = 6): () => Promise<void> {
  return () =>
    fc.assert(
      fc.asyncProperty(arbitrary, fc.integer(), (value, seed) => check(makeCase(value), seed)),
      { seed: 7, numRuns: runs, endOnFailure: true },
    );
}

const size = fc.integer({ min: 1, max: 4 });
const shape = fc.array(size, { minLength: 1, maxLength: 4 });
/** Away from zero, where kinks and poles are. */
const awayFromZero = (v: number): number => (v < 0 ? v - 0.2 : v + 0.2);
const positive = (v: number): number => Math.abs(v) + 0.3;
/** Two shapes that broadcast to each other. */
const broadcasting = fc
  .tuple(shape, fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 4, maxLength: 4 }), fc.nat(3))
  .map(([full, ones, cut]) => {
    const a = full.map((length, i) => (ones[i]![0] ? 1 : length));
    const b = full.map((length, i) => (ones[i]![1] ? 1 : length)).slice(Math.min(cut, full.length));
    return [a, b] as const;
  });

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

describe('gradients of movement agree with differences', () => {
  const four = fc.tuple(size, size, size, size);
  it(
    'transpose, reshape, squeeze',
    holds(four, (s) => ({
      shapes: [s],
      build: (x) => squeeze(reshape(transpose(x, [2, 0, 3, 1]), [s[2] * s[0], 1, -1]), [1]),
    })),
  );
  it(
    'concat',
    holds(four, ([a, b, c, d]) => ({
      shapes: [
        [a, b, d],
        [a, c, d],
      ],
      build: (x, y) => concat([x, y, x], 1),
    })),
  );
  it(
    'broadcastTo',
    holds(four, ([a, b, c, d]) => ({ shapes: [[b, 1, d]], build: (x) => broadcastTo(x, [a, b, c, d]) })),
  );
  const cut = fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 1, max: 3 }), fc.nat(2), fc.boolean());
  it(
    'slice',
    holds(
      cut,
      ([n, step, start, back]) => ({
        shapes: [[2, n, 3]],
        build: (x) =>
          slice(x, {
            starts: [back ? -1 - start : start],
            ends: [back ? -Infinity : n],
            axes: [1],
            steps: [back ? -step : step],
          }),
      }),
      20,
    ),
  );
  const pads = fc.tuple(fc.integer({ min: -1, max: 3 }), fc.integer({ min: -1, max: 3 }), fc.nat(3), fc.nat(3));
  it(
    'pad with a constant',
    holds(pads, ([a, b, c, d]) => ({
      shapes: [[2, 4, 5]],
      build: (x) =>
        pad(
          x,
          [
            [a, b],
            [c, d],
          ],
          { value: 2 },
        ),
    })),
  );
  for (const mode of ['edge', 'reflect'] as const) {
    it(
      `pad by ${mode}`,
      holds(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), ([a, b, c]) => ({
        shapes: [[2, 4, 5]],
        build: (x) =>
          pad(
            x,
            [
              [a, b],
              [c, 1],
            ],
            { mode },
          ),
      })),
    );
  }
  it(
    'gather',
    holds(
      fc.tuple(fc.nat(2), fc.array(fc.integer({ min: -3, max: 2 }), { minLength: 1, maxLength: 5 })),
      ([axis, indices]) => ({
        shapes: [[3, 3, 3]],
        build: (x) => gather(x, indices, axis),
      }),
    ),
  );
  it(
    'gather by a matrix of indices',
    holds(fc.nat(2), (axis) => ({
      shapes: [[3, 4, 5]],
      build: (x) => gather(x, constant(BigInt64Array.of(0n, 1n, 1n, 2n, 0n, 0n), [2, 3]), axis),
    })),
  );
  it(
    'gatherElements and scatterElements',
    holds(fc.constant(1), () => ({
      shapes: [
        [2, 3],
        [2, 4],
      ],
      build: (x, y) => {
        const indices = constant(BigInt64Array.of(0n, 2n, 2n, 1n, 1n, 1n, 0n, 0n), [2, 4]);
        return concat([gatherElements(x, indices, 1), scatterElements(x, indices, y, 1)], 1);
      },
    })),
  );
  it(
    'scatterRows',
    holds(fc.constant(1), () => ({
      shapes: [
        [3, 2],
        [4, 2],
      ],
      build: (x, y) => scatterRows(x, constant(BigInt64Array.of(0n, 2n, 2n, 2n)), y),
    })),
  );
});

describe('gradients of products agree with differences', () => {
  it(
    'matmul',
    holds(fc.tuple(size, size, size, size), ([b, m, k, n]) => ({
      shapes: [
        [b, 2, m, k],
        [2, k, n],
      ],
      build: matmul,
    })),
  );
  it(
    'matmul by a matrix',
    holds(fc.tuple(size, size, size, size), ([b, m, k, n]) => ({
      shapes: [
        [b, 2, m, k],
        [k, n],
      ],
      build: matmul,
    })),
  );
  it(
    'matmul of a matrix',
    holds(fc.tuple(size, size, size, size), ([b, m, k, n]) => ({
      shapes: [
        [m, k],
        [b, 1, k, n],
      ],
      build: matmul,
    })),
  );
  it(
    'einsum',
    holds(fc.tuple(size, size, size, size), ([b, m, k, n]) => ({
      shapes: [
        [b, m, k],
        [b, n, k, 2],
      ],
      build: (x, y) => einsum('bmk,bnkz->nbm', x, y),
    })),
  );
});

const spread = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  groups: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 3 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })),
  dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  padding: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
  extra: fc.tuple(fc.nat(4), fc.nat(4)),
});

describe('gradients over images agree with differences', () => {
  it(
    'conv2d',
    holds(
      spread,
      ({ batch, groups, channels, outputs, kernel, strides, dilations, padding, extra }) => ({
        shapes: [
          [
            batch,
            groups * channels,
            (kernel[0] - 1) * dilations[0] + 1 + extra[0],
            (kernel[1] - 1) * dilations[1] + 1 + extra[1],
          ],
          [groups * outputs, channels, ...kernel],
          [groups * outputs],
        ],
        build: (x, w, bias) => conv2d(x, w, { bias: bias!, strides, dilations, padding, groups }),
      }),
      40,
    ),
  );
  it(
    'depthwise conv2d',
    holds(
      fc.tuple(spread, fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 2 })),
      ([{ batch, strides, dilations, padding, extra }, channels, outputs]) => ({
        shapes: [
          [batch, channels, 5 + extra[0], 5 + extra[1]],
          [channels * outputs, 1, 3, 3],
        ],
        build: (x, w) => conv2d(x, w, { strides, dilations, padding, groups: channels }),
      }),
      20,
    ),
  );
  it(
    'convTranspose2d',
    holds(
      spread,
      ({ batch, groups, channels, outputs, kernel, strides, dilations, extra }) => ({
        shapes: [
          [batch, groups * channels, 2 + extra[0], 2 + extra[1]],
          [groups * channels, outputs, ...kernel],
          [groups * outputs],
        ],
        build: (x, w, bias) =>
          convTranspose2d(x, w, {
            bias: bias!,
            strides,
            dilations,
            groups,
            padding: [Math.min(1, kernel[0] - 1), 0],
            outputPadding: [strides[0] - 1, strides[1] - 1],
          }),
      }),
      30,
    ),
  );
  it(
    'deformConv2d',
    holds(
      fc.tuple(spread, fc.integer({ min: 1, max: 2 }), fc.boolean()),
      ([{ batch, groups, channels, strides, dilations, padding }, offsetGroups, masked]) => {
        const kernel = [2, 3] as const;
        const [height, width] = [5, 6];
        const out = [0, 1].map(
          (i) =>
            Math.floor(
              ((i ? width : height) + padding[i]! + padding[i + 2]! - (kernel[i]! - 1) * dilations[i]! - 1) /
                strides[i]!,
            ) + 1,
        );
        const taps = offsetGroups * kernel[0] * kernel[1];
        const inner = groups * channels * offsetGroups;
        return {
          shapes: [
            [batch, inner, height, width],
            [groups * 2, channels * offsetGroups, ...kernel],
            [batch, taps * 2, ...out],
            [groups * 2],
            ...(masked ? [[batch, taps, ...out]] : []),
          ],
          // Offsets away from whole pixels, where bilinear sampling has kinks.
          values: (v: number, i: number) => (i === 2 ? Math.floor(v * 2) + 0.5 + v * 0.3 : v),
          build: (x: Tensor, w: Tensor, offsets: Tensor, bias: Tensor, mask?: Tensor) =>
            deformConv2d(x, w, offsets, {
              bias,
              strides,
              dilations,
              padding,
              groups,
              offsetGroups,
              ...(mask ? { mask } : {}),
            }),
        } as Case;
      },
      12,
    ),
  );
  const apart = (v: number): number => Math.round(v * 1e4) / 10;
  it(
    'maxPool2d',
    holds(
      spread,
      ({ batch, channels, kernel, strides, extra }) => ({
        shapes: [[batch, channels, kernel[0] + extra[0], kernel[1] + extra[1]]],
        build: (x) => maxPool2d(x, kernel, { strides, padding: [kernel[0] >> 1, kernel[1] >> 1] }),
        values: apart,
      }),
      12,
    ),
  );
  it(
    'maxPool2d in tiles',
    holds(
      spread,
      ({ batch, channels, kernel, extra }) => ({
        shapes: [[batch, channels, kernel[0] + extra[0], kernel[1] + extra[1]]],
        build: (x) => maxPool2d(x, kernel),
        values: apart,
      }),
      12,
    ),
  );
  it(
    'avgPool2d',
    holds(
      fc.tuple(spread, fc.boolean()),
      ([{ batch, channels, kernel, strides, extra }, countPadding]) => ({
        shapes: [[batch, channels, kernel[0] + extra[0], kernel[1] + extra[1]]],
        build: (x) => avgPool2d(x, kernel, { strides, padding: [kernel[0] >> 1, kernel[1] >> 1], countPadding }),
      }),
      12,
    ),
  );
  it(
    'avgPool2d in tiles',
    holds(spread, ({ batch, channels, kernel, extra }) => ({
      shapes: [[batch, channels, kernel[0] + extra[0], kernel[1] + extra[1]]],
      build: (x) => avgPool2d(x, kernel),
    })),
  );
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
  );
  for (const mode of ['nearest', 'bilinear', 'cubic'] as const) {
    it(
      `resize ${mode}`,
      holds(
        sizes,
        ([h, w, rows, columns]) => ({ shapes: [[2, 1, h, w]], build: (x) => resize(x, [rows, columns], { mode }) }),
        12,
      ),
    );
    if (mode === 'nearest') continue;
    it(
      `resize ${mode} with antialias`,
      holds(
        sizes,
        ([h, w, rows, columns]) => ({
          shapes: [[1, 2, h, w]],
          build: (x) => resize(x, [rows, columns], { mode, antialias: true }),
        }),
        12,
      ),
    );
  }
  const grids = fc.record({
    padding: fc.constantFrom('zeros' as const, 'border' as const),
    alignCorners: fc.boolean(),
    batch: fc.integer({ min: 1, max: 2 }),
  });
  it(
    'gridSample',
    holds(
      grids,
      ({ padding, alignCorners, batch }) => ({
        shapes: [
          [batch, 2, 5, 4],
          [batch, 3, 6, 2],
        ],
        build: (x, grid) => {
          // Inputs are the fractions of pixels; whole numbers of pixels are added here, some of them outside.
          const whole = Float32Array.from({ length: sizeOf(grid.shape) }, (_, i) => ((i * 7) % 9) - 2);
          const lengths = constant(Float32Array.of(alignCorners ? 3 : 4, alignCorners ? 4 : 5), [2]);
          const pixels = add(grid, constant(whole, grid.shape));
          return gridSample(x, sub(div(mul(add(pixels, alignCorners ? 0 : 0.5), 2), lengths), 1), {
            padding,
            alignCorners,
          });
        },
        values: (v, i) => (i === 1 ? 0.5 + v * 0.4 : v),
      }),
      10,
    ),
  );
});

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

describe('the gradient', () => {
  it(
    'adds up over several uses and passes through shared values once',
    holds(shape, (s) => ({
      shapes: [s],
      build: (x) => {
        const shared = tanh(x);
        return add(mul(shared, x), add(shared, exp(shared)));
      },
    })),
  );

  it('can be differentiated again', async () => {
    const x = input('x', [3]);
    const [first] = gradient(reduceSum(mul(mul(x, x), x)), [x]);
    const [second] = gradient(reduceSum(first!), [x]);
    await using session = await createSession(buildModel({ outputs: { second: second! } }));
    expect(await session.run({ x: Float32Array.of(1, 2, -3) })).toEqual({ second: Float32Array.of(6, 12, -18) });
  });

  it(
    'of an operator added from outside is the one given with it',
    holds(shape, (s) => ({
      shapes: [s],
      build: (x) =>
        node(
          {
            operator: 'Reciprocal',
            inputs: [x],
            gradient: (g, _, out) => [neg(mul(g, mul(out, out)))],
          },
          'float32',
          x.shape,
        ),
      values: (v) => v + 2,
    })),
  );

  it('is zero where nothing depends, stops where told and says what has none', async () => {
    const x = input('x', [2]);
    const y = input('y', [2]);
    const [gx, gy, gs] = gradient(reduceSum(add(mul(x, stopGradient(x)), floor(x))), [x, y, stopGradient(x)]);
    await using session = await createSession(buildModel({ inputs: [x], outputs: { gx: gx!, gy: gy!, gs: gs! } }));
    const result = await session.run({ x: Float32Array.of(3, 5) });
    expect(result).toEqual({ gx: Float32Array.of(3, 5), gy: new Float32Array(2), gs: new Float32Array(2) });
    const image = input('image', [1, 1, 4, 4]);
    const cubic = gridSample(image, input('grid', [1, 2, 2, 2]), { mode: 'cubic' });
    expect(() => gradient(reduceSum(cubic), [image])).toThrow(
      'GridSample of [1, 1, 4, 4], [1, 2, 2, 2] has no gradient',
    );
    expect(() => gradient(x, [x])).toThrow('gradient: the loss must be a single number; got [2]');
  });

  it('of equal values is shared among them', async () => {
    const x = input('x', [1, 1, 2, 2]);
    const [pooled] = gradient(reduceSum(maxPool2d(x, 2)), [x]);
    const [reduced] = gradient(reduceMax(x), [x]);
    await using session = await createSession(buildModel({ outputs: { pooled: pooled!, reduced: reduced! } }));
    const quarter = Float32Array.of(0.25, 0.25, 0.25, 0.25);
    expect(await session.run({ x: new Float32Array(4) })).toEqual({ pooled: quarter, reduced: quarter });
  });

  it('of many rows gathered from one place is their sum, on several threads too', async () => {
    const count = 20_000;
    const x = input('x', [3, 8]);
    const [g] = gradient(reduceSum(gather(x, constant(new BigInt64Array(count).map((_, i) => BigInt(i % 2))))), [x]);
    await using session = await createSession(buildModel({ inputs: [x], outputs: { g: g! } }), { threads: 2 });
    const result = await session.run({ x: new Float32Array(24) });
    expect([...result.g]).toEqual(Array.from({ length: 24 }, (_, i) => (i < 16 ? count / 2 : 0)));
  });
});
