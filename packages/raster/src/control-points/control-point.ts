import type { Crs } from '../georeference/crs.js';

/** A place in an image and where it lies on the map (or in the reference image). */
export interface ControlPoint {
  readonly id: string;
  /** Image coordinates, px, corner convention: (0, 0) is the outer corner of the first pixel, y grows downwards. */
  readonly x: number;
  readonly y: number;
  readonly mapX: number;
  readonly mapY: number;
  readonly mapZ?: number;
  /** False keeps a point in the file but out of the estimate. Default true. */
  readonly enabled?: boolean;
  /** `[xx, xy, yy]` of the place in the reference image, px². */
  readonly covariance?: readonly [number, number, number];
  readonly score?: number;
}

/** Control points and the CRS of their map side; null where that is reference pixels or unknown. */
export interface ControlPointSet {
  readonly points: readonly ControlPoint[];
  readonly crs: Crs | null;
}
