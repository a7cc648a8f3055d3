import type { Crs } from './crs.js';
import type { Rpc } from './rpc.js';
import type { Geotransform } from '@tiepoint/geometry';

/** A ground control point inside a raster file: a pixel (corner convention) and its place on the map. */
export interface GroundControlPoint {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly mapX: number;
  readonly mapY: number;
  readonly mapZ: number;
}

/** Where an image lies on the map. */
export interface Georeference {
  readonly crs: Crs | null;
  /** Pixel to map, corner convention; where only control points are known, their least-squares affine. */
  readonly geotransform: Geotransform;
  /** The control points of a file referenced by them. */
  readonly gcps?: readonly GroundControlPoint[];
  /** Where it was found: in the file's own keys, a world file, an `.aux.xml`, control points, or RPCs. */
  readonly origin: 'file' | 'world-file' | 'aux-xml' | 'gcps' | 'rpc';
  /** Where RPCs place it; the control points are then a lattice of theirs. */
  readonly rpc?: Rpc;
}

/**
 * The affine that fits control points best, in GDAL's order; null for fewer than three points or points on a line.
 * Least squares on centred and scaled coordinates.
 */
export function geotransformFromGcps(gcps: readonly GroundControlPoint[]): Geotransform | null {
  const n = gcps.length;
  if (n < 3) return null;
  const mean = { x: 0, y: 0, mapX: 0, mapY: 0 };
  for (const p of gcps) {
    mean.x += p.x / n;
    mean.y += p.y / n;
    mean.mapX += p.mapX / n;
    mean.mapY += p.mapY / n;
  }
  let [xx, xy, yy, xu, yu, xv, yv] = [0, 0, 0, 0, 0, 0, 0];
  for (const p of gcps) {
    const x = p.x - mean.x;
    const y = p.y - mean.y;
    const u = p.mapX - mean.mapX;
    const v = p.mapY - mean.mapY;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xu += x * u;
    yu += y * u;
    xv += x * v;
    yv += y * v;
  }
  const determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-9 * (xx + yy) ** 2)) return null;
  const b = (yy * xu - xy * yu) / determinant;
  const c = (xx * yu - xy * xu) / determinant;
  const e = (yy * xv - xy * yv) / determinant;
  const f = (xx * yv - xy * xv) / determinant;
  return [mean.mapX - b * mean.x - c * mean.y, b, c, mean.mapY - e * mean.x - f * mean.y, e, f];
}
