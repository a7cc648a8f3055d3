import { identityMatrix, type Matrix3, normaliseMatrix } from './matrix.js';
import type { MatrixTransform } from './transform.js';

/** GDAL's geotransform: `[originX, pixelWidth, rowRotation, originY, columnRotation, pixelHeight]`, from pixel corner coordinates to map coordinates. */
export type Geotransform = readonly [number, number, number, number, number, number];

/** The transform that leaves every point where it is. */
export const identity: MatrixTransform = { model: 'translation', matrix: identityMatrix };

/** Moves by (dx, dy) pixels. */
export function translation(dx: number, dy: number): MatrixTransform {
  return { model: 'translation', matrix: [1, 0, dx, 0, 1, dy, 0, 0, 1] };
}

/** Scales and rotates about (0, 0), then moves by (dx, dy). With y down, a positive angle (radians) turns clockwise on the screen. */
export function similarity(scale: number, angle: number, dx: number, dy: number): MatrixTransform {
  const a = scale * Math.cos(angle);
  const b = scale * Math.sin(angle);
  return { model: 'similarity', matrix: [a, -b, dx, b, a, dy, 0, 0, 1] };
}

/** X = ax + by + c, Y = dx + ey + f. */
export function affine(a: number, b: number, c: number, d: number, e: number, f: number): MatrixTransform {
  return { model: 'affine', matrix: [a, b, c, d, e, f, 0, 0, 1] };
}

/** A projective map, brought to a last element of 1 where it can be. */
export function projective(matrix: Matrix3): MatrixTransform {
  return { model: 'projective', matrix: normaliseMatrix(matrix) };
}

/** The map from pixel corner coordinates to map coordinates that a GDAL geotransform stands for. */
export function affineFromGeotransform(g: Geotransform): MatrixTransform {
  return affine(g[1], g[2], g[0], g[4], g[5], g[3]);
}

/** The GDAL geotransform of a transform without perspective, or null for one with. */
export function geotransformFromAffine(transform: MatrixTransform): Geotransform | null {
  const [a, b, c, d, e, f, g, h, i] = normaliseMatrix(transform.matrix);
  return g === 0 && h === 0 && i === 1 ? [c, a, b, f, d, e] : null;
}
