import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { holds, size } from './gradient-check.test.program.js';
import {
  broadcastTo,
  concat,
  constant,
  einsum,
  gather,
  gatherElements,
  matmul,
  pad,
  reshape,
  scatterElements,
  scatterRows,
  slice,
  squeeze,
  transpose,
} from './index.js';

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
