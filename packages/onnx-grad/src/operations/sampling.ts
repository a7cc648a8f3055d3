import { argumentError, shapeError } from '../error.js';
import { requireRank } from '../shape.js';
import { type Shape, type Tensor, constant, int64Vector, node } from '../tensor.js';
import { mul } from './arithmetic.js';
import { gridGradient, sampledImageGradient } from './grid-sample-gradient.js';
import { matmul } from './matmul.js';
import { transpose } from './movement.js';
import { avgPool2d } from './pooling.js';
import { type ResizeMode, resizeMatrix } from './resize-matrix.js';

/** How {@link resize} finds values between pixels. */
export interface ResizeOptions {
  /** `bilinear` unless named; `cubic` is Keys' with a = −0.5. */
  readonly mode?: ResizeMode | undefined;
  /** Widen the kernel when making smaller, so that every source pixel counts (not for `nearest`). */
  readonly antialias?: boolean | undefined;
}

/**
 * Images in another size. Outer edges stay where they are (pixel centres are half a pixel inside); the edge pixel is repeated beyond them.
 *
 * @param x - `[batch, channels, height, width]`
 * @param size - `[height, width]` of the result
 */
export function resize(x: Tensor, size: readonly [number, number], options: ResizeOptions = {}): Tensor {
  requireRank('resize', x.shape, 4, 'the image [batch, channels, height, width]');
  if (size.some((length) => !Number.isInteger(length) || length < 1)) {
    throw argumentError('resize', 'sizes must be whole numbers from 1', size);
  }
  const mode = options.mode ?? 'bilinear';
  const antialias = options.antialias ?? false;
  if (antialias && mode === 'nearest') throw argumentError('resize', 'antialias needs bilinear or cubic', mode);
  if (size[0] === x.shape[2] && size[1] === x.shape[3]) return x;
  const shape = [x.shape[0]!, x.shape[1]!, ...size];
  return node(
    {
      operator: 'Resize',
      inputs: [x, undefined, undefined, int64Vector(shape)],
      attributes: {
        mode: mode === 'bilinear' ? 'linear' : mode,
        coordinate_transformation_mode: 'half_pixel',
        cubic_coeff_a: { float: -0.5 },
        nearest_mode: 'round_prefer_ceil',
        antialias: antialias ? 1 : 0,
      },
      gradient: (g) => [resizeGradient(g, x.shape, mode, antialias)],
    },
    'float32',
    shape,
  );
}

/** Resizing is linear and separable: rows and columns each times a matrix, here transposed. */
function resizeGradient(g: Tensor, shape: Shape, mode: ResizeMode, antialias: boolean): Tensor {
  const [height, width] = [shape[2]!, shape[3]!];
  const [rows, columns] = [g.shape[2]!, g.shape[3]!];
  if (mode === 'nearest' && rows % height === 0 && columns % width === 0) {
    const tile = [rows / height, columns / width] as const;
    return mul(avgPool2d(g, tile), tile[0] * tile[1]);
  }
  const across = columns === width ? g : matmul(g, resizeMatrix(width, columns, mode, antialias));
  return rows === height ? across : matmul(transpose(resizeMatrix(height, rows, mode, antialias)), across);
}

/** How {@link gridSample} reads an image. */
export interface GridSampleOptions {
  /** `bilinear` unless named. */
  readonly mode?: 'nearest' | 'bilinear' | 'cubic' | undefined;
  /** What stands outside: zeros (unless named), the edge, or the mirror image. */
  readonly padding?: 'zeros' | 'border' | 'reflection' | undefined;
  /** Whether ±1 are the centres of the outermost pixels (`true`) or their outer edges (`false`, unless named). */
  readonly alignCorners?: boolean | undefined;
}

/**
 * Images read at given places.
 *
 * Has a gradient (to both) in mode `bilinear` with paddings `zeros` and `border`.
 *
 * @param x - `[batch, channels, height, width]`
 * @param grid - `[batch, height', width', 2]`, x before y, −1 to 1 across the image
 * @returns `[batch, channels, height', width']`
 */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  requireRank('gridSample', x.shape, 4, 'the image [batch, channels, height, width]');
  requireRank('gridSample', grid.shape, 4, 'the grid [batch, height, width, 2]');
  if (grid.shape[3] !== 2 || grid.shape[0] !== x.shape[0]) {
    throw shapeError('gridSample', [x.shape, grid.shape], 'the grid must be [batch, height, width, 2]');
  }
  const mode = options.mode ?? 'bilinear';
  const differentiable = mode === 'bilinear' && options.padding !== 'reflection';
  return node(
    {
      operator: 'GridSample',
      inputs: [x, grid],
      attributes: {
        mode: mode === 'bilinear' ? 'linear' : mode,
        padding_mode: options.padding ?? 'zeros',
        align_corners: (options.alignCorners ?? false) ? 1 : 0,
      },
      gradient: differentiable
        ? (g) => [sampledImageGradient(g, x.shape, grid, options), gridGradient(g, x, grid, options)]
        : undefined,
    },
    'float32',
    [x.shape[0]!, x.shape[1]!, grid.shape[1]!, grid.shape[2]!],
  );
}

/** The pixel centres of an image as a grid for {@link gridSample} (edges at ±1): `[1, height, width, 2]`. */
export function identityGrid(height: number, width: number): Tensor {
  const data = new Float32Array(height * width * 2);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[i++] = ((x + 0.5) * 2) / width - 1;
      data[i++] = ((y + 0.5) * 2) / height - 1;
    }
  }
  return constant(data, [1, height, width, 2]);
}
