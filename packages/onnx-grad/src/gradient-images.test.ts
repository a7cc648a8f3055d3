import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { type Case, holds, spread } from './gradient-check.test.program.js';
import {
  type Tensor,
  add,
  avgPool2d,
  constant,
  conv2d,
  convTranspose2d,
  deformConv2d,
  div,
  gridSample,
  maxPool2d,
  mul,
  resize,
  sizeOf,
  sub,
} from './index.js';

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
