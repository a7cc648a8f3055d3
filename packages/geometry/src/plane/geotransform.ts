import { normaliseMatrix } from '../linear/matrix.js';
import { affine, type MatrixTransform } from '../models/matrix-transform.js';

/**
 * GDAL's geotransform: `[originX, pixelWidth, rowRotation, originY, columnRotation, pixelHeight]`, from pixel corner coordinates to map
 * coordinates: mapX = g[0] + x·g[1] + y·g[2], mapY = g[3] + x·g[4] + y·g[5].
 */
export type Geotransform = readonly [number, number, number, number, number, number];

/** The map from pixel corner coordinates to map coordinates that a GDAL geotransform stands for. */
export function affineFromGeotransform(g: Geotransform): MatrixTransform {
  return affine(g[1], g[2], g[0], g[4], g[5], g[3]);
}

/** The GDAL geotransform of a transform without perspective, or null for one with. */
export function geotransformFromAffine(transform: MatrixTransform): Geotransform | null {
  const [a, b, c, d, e, f, g, h, i] = normaliseMatrix(transform.matrix);
  return g === 0 && h === 0 && i === 1 ? [c, a, b, f, d, e] : null;
}
