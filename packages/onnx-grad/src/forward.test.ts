import { describe, expect, it } from 'vitest';
import {
  type AnyTensor,
  type Backend,
  type TensorData,
  type Tensor,
  OnnxGradError,
  abs,
  add,
  and,
  argMax,
  atan,
  avgPool2d,
  broadcastTo,
  buildModel,
  cast,
  clip,
  complexMul,
  concat,
  conjugate,
  constant,
  conv2d,
  convTranspose2d,
  cos,
  createSession,
  cumsum,
  deformConv2d,
  div,
  equal,
  erf,
  exp,
  expandDims,
  fft2,
  floor,
  gather,
  gatherElements,
  gelu,
  greater,
  greaterOrEqual,
  gridSample,
  identityGrid,
  input,
  irfft2,
  isNaN,
  leakyRelu,
  less,
  lessOrEqual,
  log,
  logSoftmax,
  matmul,
  maxPool2d,
  maximum,
  minimum,
  mul,
  neg,
  not,
  or,
  pad,
  pow,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceSum,
  relu,
  reshape,
  resize,
  rfft2,
  round,
  sigmoid,
  sign,
  sin,
  sizeOf,
  slice,
  softmax,
  softplus,
  sqrt,
  squeeze,
  stack,
  sub,
  tanh,
  topK,
  transpose,
  where,
} from './index.js';

/** Runs tensors that have no inputs, or with feeds, and returns plain numbers. */
async function evaluate<K extends string>(
  outputs: Record<K, AnyTensor>,
  feeds: Record<string, TensorData> = {},
  backend: Backend = 'node',
): Promise<Record<K, number[]>> {
  await using session = await createSession(buildModel({ outputs }), { backend });
  const result = await session.run(feeds);
  const numbers = Object.entries(result).map(([name, data]) => [name, Array.from(data as Float32Array, Number)]);
  return Object.fromEntries(numbers) as Record<K, number[]>;
}

/** A deterministic array in (−1, 1). */
function noise(length: number, seed = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const noisy = (shape: number[], seed?: number): Tensor => constant(noise(sizeOf(shape), seed), shape);

function everyOperation(x: Tensor, w: Tensor): Record<string, AnyTensor> {
  const positive = add(mul(x, x), 0.1);
  const spectrum = rfft2(x);
  const depthwise = noisy([3, 1, 3, 3], 5);
  const grid = add(identityGrid(6, 5), mul(noisy([1, 6, 5, 2], 3), 0.3));
  const grids = broadcastTo(grid, [2, 6, 5, 2]);
  const { values, indices } = topK(x, 3);
  return {
    add: add(x, constant(noise(8), [8])),
    sub: sub(1, x),
    mul: mul(x, noisy([3, 1, 1])),
    div: div(x, positive),
    pow: pow(positive, 1.7),
    maximum: maximum(x, 0.2),
    minimum: minimum(0.2, x),
    neg: neg(x),
    abs: abs(x),
    sign: sign(x),
    sqrt: sqrt(positive),
    exp: exp(x),
    log: log(positive),
    sin: sin(x),
    cos: cos(x),
    atan: atan(x),
    tanh: tanh(x),
    sigmoid: sigmoid(x),
    relu: relu(x),
    leakyRelu: leakyRelu(x, 0.2),
    softplus: softplus(x),
    erf: erf(x),
    gelu: gelu(x),
    clip: clip(x, -0.3, 0.4),
    floor: floor(mul(x, 5)),
    round: round(mul(x, 5)),
    logic: or(and(greater(x, 0), less(x, 0.5)), not(greaterOrEqual(x, -0.5))),
    compare: equal(cast(greater(x, 0), 'float32'), cast(lessOrEqual(0, x), 'float32')),
    isNaN: isNaN(sqrt(x)),
    where: where(greater(x, 0), x, 7),
    cast: cast(mul(x, 9), 'int32'),
    matmul: matmul(x, noisy([8, 4])),
    batched: matmul(noisy([2, 1, 5, 10]), x),
    transpose: transpose(x, [0, 2, 3, 1]),
    reshape: reshape(x, [2, -1, 4]),
    concat: concat([x, neg(x)], 1),
    stack: stack([x, neg(x)], -1),
    squeeze: squeeze(expandDims(x, [0, -1]), [0]),
    slice: slice(x, { starts: [-1, 1], ends: [-Infinity, 7], axes: [2, 3], steps: [-2, 3] }),
    padConstant: pad(
      x,
      [
        [1, 2],
        [0, 3],
      ],
      { value: 5 },
    ),
    padReflect: pad(
      x,
      [
        [1, 2],
        [2, 3],
      ],
      { mode: 'reflect' },
    ),
    padEdge: pad(
      x,
      [
        [1, 2],
        [2, 3],
      ],
      { mode: 'edge' },
    ),
    broadcastTo: broadcastTo(noisy([3, 1, 1]), [2, 3, 4, 4]),
    gather: gather(x, [2, -3, 0], 2),
    gatherElements: gatherElements(x, indices, 3),
    reduceSum: reduceSum(x, { axes: [1, -1] }),
    reduceMean: reduceMean(x, { axes: [2, 3], keepDims: true }),
    reduceMax: reduceMax(x, { axes: [0] }),
    reduceMin: reduceMin(x),
    cumsum: cumsum(x, 2, { reverse: true, exclusive: true }),
    softmax: softmax(x),
    logSoftmax: logSoftmax(x, 1),
    argMax: argMax(x, 1),
    topKValues: values,
    topKIndices: indices,
    conv: conv2d(x, w, { bias: noisy([4]), padding: 'same', strides: 2 }),
    convDilated: conv2d(x, w, { padding: [2, 1], dilations: 2 }),
    convDepthwise: conv2d(x, depthwise, { groups: 3, padding: 1 }),
    convTranspose: convTranspose2d(x, noisy([3, 2, 4, 4]), { strides: 2, padding: 1, bias: noisy([2]) }),
    convTransposeSame: convTranspose2d(x, noisy([3, 2, 3, 3]), { strides: 2, padding: 'same' }),
    maxPool: maxPool2d(x, 3, { strides: 2, padding: 1 }),
    avgPool: avgPool2d(x, 3, { strides: 2, padding: 1 }),
    avgPoolCounted: avgPool2d(x, 3, { padding: 1, countPadding: true }),
    resizeNearest: resize(x, [20, 16], { mode: 'nearest' }),
    resizeBilinear: resize(x, [7, 11]),
    resizeCubic: resize(x, [15, 9], { mode: 'cubic' }),
    resizeAntialias: resize(x, [5, 4], { antialias: true }),
    gridSample: gridSample(x, grids),
    gridSampleCubic: gridSample(x, grids, { mode: 'cubic', padding: 'reflection', alignCorners: true }),
    deformConv: deformConv2d(x, w, mul(noisy([2, 18, 8, 6], 9), 2), { mask: sigmoid(noisy([2, 9, 8, 6])) }),
    rfftRe: spectrum.re,
    rfftIm: spectrum.im,
    irfft: irfft2(complexMul(spectrum, conjugate(spectrum))),
    fft: fft2({ re: x, im: sin(x) }).im,
  };
}

describe('engines', () => {
  it('agree on every operation, native and wasm, and no output is constant by mistake', async () => {
    const outputs = everyOperation(input('x', [2, 3, 10, 8]), input('w', [4, 3, 3, 3]));
    const feeds = { x: noise(2 * 3 * 10 * 8, 7), w: noise(4 * 3 * 9, 8) };
    const native = await evaluate(outputs, feeds, 'node');
    const wasm = await evaluate(outputs, feeds, 'wasm');
    for (const [name, tensor] of Object.entries(outputs)) {
      expect(native[name], name).toHaveLength(sizeOf(tensor.shape));
      const largest = native[name]!.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
      for (const [i, value] of native[name]!.entries()) {
        if (Number.isNaN(value)) expect(wasm[name]![i], name).toBeNaN();
        else expect(Math.abs(wasm[name]![i]! - value), name).toBeLessThan(1e-4 * largest);
      }
      if (native[name]!.length > 1 && name !== 'compare') expect(new Set(native[name]).size, name).toBeGreaterThan(1);
    }
  });

  it('say which one runs', async () => {
    const model = buildModel({ outputs: { y: add(input('x', [2]), 1) } });
    for (const backend of ['node', 'wasm'] as const) {
      await using session = await createSession(model, { backend });
      expect(session.backend).toBe(backend);
      expect(await session.run({ x: Float32Array.of(1, 2) })).toEqual({ y: Float32Array.of(2, 3) });
    }
    await using session = await createSession(model);
    expect(session.backend).toBe('node');
  });
});

describe('values', () => {
  it('follow NumPy and the definitions', async () => {
    const x = constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    const y = await evaluate({
      broadcast: add(x, constant(Float32Array.of(10, 20), [2, 1])),
      product: matmul(x, transpose(x)),
      reversed: slice(x, { starts: [2], ends: [-Infinity], axes: [1], steps: [-1] }),
      gathered: gather(x, [-1, 0], 1),
      top: topK(x, 2).indices,
      whole: floor(constant(Float32Array.of(-0.5, 0.5, 1.5))),
      even: round(constant(Float32Array.of(-0.5, 0.5, 1.5))),
      integers: div(constant(Int32Array.of(7, -7)), 2),
    });
    expect(y).toEqual({
      broadcast: [11, 12, 13, 24, 25, 26],
      product: [14, 32, 32, 77],
      reversed: [3, 2, 1, 6, 5, 4],
      gathered: [3, 1, 6, 4],
      top: [2, 1, 2, 1],
      whole: [-1, 0, 1],
      even: [-0, 0, 2],
      integers: [3, -3],
    });
  });

  it('convolve, pool, pad and resize by hand', async () => {
    const x = constant(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), [1, 1, 3, 3]);
    const w = constant(Float32Array.of(1, 0, 0, -1), [1, 1, 2, 2]);
    const y = await evaluate({
      conv: conv2d(x, w, { bias: constant(Float32Array.of(0.5)) }),
      spread: convTranspose2d(x, w, { strides: 2 }),
      largest: maxPool2d(x, 2, { strides: 1 }),
      mirrored: slice(
        pad(
          x,
          [
            [0, 0],
            [2, 1],
          ],
          { mode: 'reflect' },
        ),
        { starts: [0], ends: [1], axes: [2] },
      ),
      doubled: slice(resize(x, [6, 6]), { starts: [0], ends: [1], axes: [2] }),
      centre: gridSample(x, constant(0, [1, 1, 1, 2])),
      corner: gridSample(x, constant(-1, [1, 1, 1, 2])),
      whole: gridSample(x, identityGrid(3, 3)),
    });
    expect(y.conv).toEqual([-3.5, -3.5, -3.5, -3.5]);
    expect(y.spread.slice(0, 6)).toEqual([1, 0, 2, 0, 3, 0]);
    expect(y.spread.slice(6, 12)).toEqual([0, -1, 0, -2, 0, -3]);
    expect(y.largest).toEqual([5, 6, 8, 9]);
    expect(y.mirrored).toEqual([3, 2, 1, 2, 3, 2]);
    expect(y.doubled).toEqual([1, 1.25, 1.75, 2.25, 2.75, 3]);
    expect(y.centre).toEqual([5]);
    // The outer corner of the first pixel: a quarter of its value, three quarters zeros.
    expect(y.corner).toEqual([0.25]);
    for (const [i, value] of y.whole.entries()) expect(value).toBeCloseTo(i + 1, 5);
  });

  it('transform by the definition of the discrete Fourier transform, at any length', async () => {
    for (const [height, width] of [
      [5, 7],
      [6, 8],
    ] as const) {
      const x = noise(height * width);
      const image = constant(x, [height, width]);
      const half = rfft2(image);
      const full = fft2({ re: image, im: constant(0, [height, width]) });
      const y = await evaluate({
        halfRe: half.re,
        fullRe: full.re,
        fullIm: full.im,
        back: irfft2(half, width),
        backToo: fft2(full, { inverse: true }).re,
      });
      for (let v = 0; v < height; v++) {
        for (let u = 0; u < width; u++) {
          let [re, im] = [0, 0];
          for (let i = 0; i < x.length; i++) {
            const angle = -2 * Math.PI * ((u * (i % width)) / width + (v * Math.floor(i / width)) / height);
            re += x[i]! * Math.cos(angle);
            im += x[i]! * Math.sin(angle);
          }
          expect(y.fullRe[v * width + u]).toBeCloseTo(re, 4);
          expect(y.fullIm[v * width + u]).toBeCloseTo(im, 4);
          const columns = Math.floor(width / 2) + 1;
          if (u < columns) expect(y.halfRe[v * columns + u]).toBeCloseTo(re, 4);
        }
      }
      for (const [i, value] of x.entries()) {
        expect(y.back[i]).toBeCloseTo(value, 5);
        expect(y.backToo[i]).toBeCloseTo(value, 5);
      }
    }
  });
});

describe('mistakes', () => {
  it('name the operation and the shapes', () => {
    const x = input('x', [2, 3, 8, 8]);
    expect(() => add(x, constant(0, [5]))).toThrow('add: do not broadcast; got [2, 3, 8, 8] and [5]');
    expect(() => matmul(x, constant(0, [3, 3]))).toThrow('matmul: inner sizes differ; got [2, 3, 8, 8] and [3, 3]');
    expect(() => conv2d(x, constant(0, [4, 2, 3, 3]))).toThrow('conv2d: channels do not fit the weights with 1 groups');
    expect(() => conv2d(x, constant(0, [4, 3, 9, 9]))).toThrow('conv2d: the window is larger than the padded image');
    expect(() => reshape(x, [7, -1])).toThrow('reshape: the sizes differ; got [2, 3, 8, 8] and [7, -1]');
    expect(() => concat([x, constant(0, [2, 3, 8, 7])], 1)).toThrow('concat: sizes differ outside axis 1');
    expect(() => reduceSum(x, { axes: [4] })).toThrow('ReduceSum: axis 4 does not exist in [2, 3, 8, 8]');
    expect(() => constant(Float32Array.of(1, 2), [3])).toThrow(OnnxGradError);
    // @ts-expect-error operands of different types do not compile
    expect(() => add(x, constant(Int32Array.of(1)))).toThrow('operands of types float32 and int32');
  });

  it('in feeds name the input', async () => {
    const model = buildModel({ outputs: { y: add(input('x', [2]), 1) } });
    await using session = await createSession(model, { backend: 'node' });
    await expect(session.run({})).rejects.toThrow('input x [2] was not fed');
    await expect(session.run({ x: new Float32Array(3) })).rejects.toThrow(
      'input x wants 2 elements of float32 for [2]',
    );
    await expect(session.run({ x: new Float32Array(2), z: new Float32Array(2) })).rejects.toThrow('no input z');
    await session.dispose();
    await expect(session.run({ x: new Float32Array(2) })).rejects.toThrow('disposed');
  });

  it('of two inputs with one name', () => {
    expect(() => buildModel({ outputs: { y: add(input('x', [2]), input('x', [2])) } })).toThrow(
      'two inputs share a name',
    );
  });
});
