import { type Shape, type Tensor, constant, zeros } from '../tensor.js';
import { add, mul, sub } from './arithmetic.js';
import { and, cast, greaterOrEqual, lessOrEqual, where } from './comparison.js';
import { clip, floor } from './elementwise.js';
import { concat, expandDims, reshape, slice, stack, transpose } from './movement.js';
import { reduceSum } from './reduction.js';
import { type GridSampleOptions, gridSample } from './sampling.js';
import { scatterRows } from './selection.js';

/** How grid coordinates (−1 to 1) become pixels along an axis: `pixel = grid · scale + shift`. */
function toPixels(length: number, alignCorners: boolean): { readonly scale: number; readonly shift: number } {
  return alignCorners
    ? { scale: (length - 1) / 2, shift: (length - 1) / 2 }
    : { scale: length / 2, shift: (length - 1) / 2 };
}

/** One coordinate of a grid in pixels, `[batch, rows, columns]`; 0 is the centre of the first pixel. */
function pixelsOf(grid: Tensor, axis: 0 | 1, length: number, alignCorners: boolean): Tensor {
  const { scale, shift } = toPixels(length, alignCorners);
  const coordinate = reshape(slice(grid, { starts: [axis], ends: [axis + 1], axes: [3] }), grid.shape.slice(0, 3));
  return add(mul(coordinate, scale), shift);
}

/** The bilinear weights of the output's gradient, added up at the four pixels around each place. */
export function sampledImageGradient(g: Tensor, shape: Shape, grid: Tensor, options: GridSampleOptions): Tensor {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const alignCorners = options.alignCorners ?? false;
  const border = options.padding === 'border';
  const held = (at: Tensor, length: number): Tensor => (border ? clip(at, 0, length - 1) : at);
  const x = held(pixelsOf(grid, 0, width, alignCorners), width);
  const y = held(pixelsOf(grid, 1, height, alignCorners), height);
  const [left, top] = [floor(x), floor(y)];
  const [right, bottom] = [sub(x, left), sub(y, top)];
  const firsts = constant(
    Int32Array.from({ length: batch }, (_, n) => n * height * width),
    [batch, 1, 1],
  );
  // [batch, rows, columns, channels]: one row for each place.
  const rows = transpose(g, [0, 2, 3, 1]);
  const corners = [0, 1].flatMap((down) =>
    [0, 1].map((across) => {
      const column = add(left, across);
      const row = add(top, down);
      const weight = mul(across ? right : sub(1, right), down ? bottom : sub(1, bottom));
      const insideX = and(greaterOrEqual(column, 0), lessOrEqual(column, width - 1));
      const inside = and(insideX, and(greaterOrEqual(row, 0), lessOrEqual(row, height - 1)));
      const index = add(
        add(mul(cast(clip(row, 0, height - 1), 'int32'), width), cast(clip(column, 0, width - 1), 'int32')),
        firsts,
      );
      return { index, update: mul(rows, expandDims(where(inside, weight, 0), [3])) };
    }),
  );
  // One corner after the other: all at once would need four times the memory.
  const sums = corners.reduce(
    (sum, { index, update }) => scatterRows(sum, index, update),
    zeros([batch * height * width, channels]),
  );
  return transpose(reshape(sums, [batch, height, width, channels]), [0, 3, 1, 2]);
}

/**
 * The gradient to the grid: between whole pixels a bilinear image is linear along each axis, so its slope is the difference
 * of the samples at the whole pixels on both sides.
 */
export function gridGradient(g: Tensor, x: Tensor, grid: Tensor, options: GridSampleOptions): Tensor {
  const [height, width] = [x.shape[2]!, x.shape[3]!];
  const alignCorners = options.alignCorners ?? false;
  const slope = (axis: 0 | 1): Tensor => {
    const length = axis === 0 ? width : height;
    const { scale, shift } = toPixels(length, alignCorners);
    const before = floor(pixelsOf(grid, axis, length, alignCorners));
    const other = slice(grid, { starts: [1 - axis], ends: [2 - axis], axes: [3] });
    const at = (pixel: Tensor): Tensor => {
      const moved = expandDims(mul(sub(pixel, shift), 1 / scale), [3]);
      return gridSample(x, concat(axis === 0 ? [moved, other] : [other, moved], 3), options);
    };
    const difference = sub(at(add(before, 1)), at(before));
    return mul(reduceSum(mul(g, difference), { axes: [1] }), scale);
  };
  return stack([slope(0), slope(1)], 3);
}
