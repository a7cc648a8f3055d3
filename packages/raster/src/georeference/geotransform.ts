import type { Geotransform } from '@tiepoint/geometry';

/** Pixel coordinates to map coordinates. */
export function pixelToMap(g: Geotransform, x: number, y: number): [number, number] {
  return [g[0] + x * g[1] + y * g[2], g[3] + x * g[4] + y * g[5]];
}

/** The inverse coefficients, map to pixel; null where the geotransform is singular. */
export function invertGeoTransform(g: Geotransform): Geotransform | null {
  const determinant = g[1] * g[5] - g[2] * g[4];
  // Relative to the coefficients, so that degrees and kilometres are treated alike.
  const scale = Math.max(Math.abs(g[1]) + Math.abs(g[2]), Math.abs(g[4]) + Math.abs(g[5]));
  if (!Number.isFinite(determinant) || Math.abs(determinant) <= 1e-15 * scale * scale) return null;
  const [a, b, c, d] = [g[5] / determinant, -g[2] / determinant, -g[4] / determinant, g[1] / determinant];
  return [-(a * g[0] + b * g[3]), a, b, -(c * g[0] + d * g[3]), c, d];
}

/** The geotransform of a window whose pixel (0, 0) is at (x, y), with pixels `scaleX` × `scaleY` as large. */
export function windowGeoTransform(g: Geotransform, x: number, y: number, scaleX = 1, scaleY = 1): Geotransform {
  const [mapX, mapY] = pixelToMap(g, x, y);
  return [mapX, g[1] * scaleX, g[2] * scaleY, mapY, g[4] * scaleX, g[5] * scaleY];
}

/**
 * The geotransform after a matrix on the pixel side: pixel → matrix → g → map.
 * @param m Row-major 2×3 (or the first two rows of an affine 3×3): x' = m0·x + m1·y + m2, y' = m3·x + m4·y + m5.
 */
export function composeGeoTransform(g: Geotransform, m: readonly number[]): Geotransform {
  const [a, b, c, d, e, f] = m as [number, number, number, number, number, number];
  return [
    g[0] + g[1] * c + g[2] * f,
    g[1] * a + g[2] * d,
    g[1] * b + g[2] * e,
    g[3] + g[4] * c + g[5] * f,
    g[4] * a + g[5] * d,
    g[4] * b + g[5] * e,
  ];
}
