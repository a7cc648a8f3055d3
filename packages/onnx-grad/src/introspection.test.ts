import { profileModel, profileTraining } from 'onnx-grad/node';
import { describe, expect, it } from 'vitest';
import {
  add,
  buildModel,
  constant,
  conv2d,
  convTranspose2d,
  countMultiplyAdds,
  countParameters,
  createRandom,
  dense,
  denseParameters,
  describeGraph,
  einsum,
  input,
  matmul,
  meanSquaredError,
  relu,
  sgd,
} from './index.js';

describe('introspection', () => {
  it('prints a graph', () => {
    const x = input('x', [1, 2, 4, 4]);
    const y = relu(conv2d(x, constant(1, [3, 2, 3, 3]), { strides: 1 }));
    expect(describeGraph({ y: add(y, 0.5) })).toBe(
      [
        'x [1, 2, 4, 4]',
        '%0 = constant [3, 2, 3, 3]',
        '%1 = Conv(x, %0) [1, 3, 2, 2] kernel_shape=3,3 strides=1,1 dilations=1,1 pads=0,0,0,0 group=1',
        '%2 = Relu(%1) [1, 3, 2, 2]',
        '%3 = Add(%2, 0.5) [1, 3, 2, 2]',
        'y ← %3 [1, 3, 2, 2]',
      ].join('\n'),
    );
  });

  it('counts parameters and multiply-adds', () => {
    expect(countParameters({ a: denseParameters(createRandom(1), 3, 5) })).toBe(20);
    const x = input('x', [2, 4, 8, 8]);
    expect(countMultiplyAdds({ y: conv2d(x, constant(1, [6, 2, 3, 3]), { groups: 2 }) })).toBe(2 * 6 * 36 * 2 * 9);
    expect(countMultiplyAdds({ y: convTranspose2d(x, constant(1, [4, 3, 2, 2]), { strides: 2 }) })).toBe(
      2 * 4 * 64 * 3 * 4,
    );
    const a = input('a', [5, 2, 3]);
    expect(countMultiplyAdds({ y: matmul(a, constant(1, [3, 7])) })).toBe(5 * 2 * 7 * 3);
    expect(countMultiplyAdds({ y: einsum('bij,jk->bk', a, constant(1, [3, 7])) })).toBe(5 * 2 * 3 * 7);
  });

  it('profiles a model and a training step', async () => {
    const x = input('x', [64, 64]);
    const profile = await profileModel(buildModel({ outputs: { y: matmul(x, x) } }), { x: new Float32Array(4096) });
    expect(profile.nodes).toMatchObject([
      {
        operator: 'MatMul',
        inputShapes: [
          [64, 64],
          [64, 64],
        ],
      },
    ]);
    expect(profile.operators.get('MatMul')).toBeGreaterThan(0);
    const batch = { x: input('x', [8, 3]), y: input('y', [8, 1]) };
    const program = {
      parameters: denseParameters(createRandom(1), 3, 1),
      batch,
      loss: (p: { weight: typeof x; bias: typeof x }, b: typeof batch) => meanSquaredError(dense(p, b.x), b.y),
      optimizer: sgd({ momentum: 0.5 }),
    };
    const training = await profileTraining(program, { x: new Float32Array(24), y: new Float32Array(8) });
    expect(training.nodes.length).toBeGreaterThan(5);
    expect([...training.operators.keys()].some((name) => name.includes('MatMul'))).toBe(true);
  });
});
