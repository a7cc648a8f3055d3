import { describe, expect, it } from 'vitest';
import { holds, shape } from './gradient-check.test.program.js';
import {
  add,
  buildModel,
  constant,
  createSession,
  exp,
  floor,
  gather,
  gradient,
  gridSample,
  input,
  maxPool2d,
  mul,
  neg,
  node,
  reduceMax,
  reduceSum,
  stopGradient,
  tanh,
} from './index.js';

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
