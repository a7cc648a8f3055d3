import { TiepointError, type Transform, type TransformModel } from '@tiepoint/geometry';
import { parseSolution, type Solution, usableTransform } from '../result/solution.js';
import type { PointImages } from './fitted-points.js';
import { readTextFile } from './read-text-file.js';

/** Where a command's transform comes from: a solution file, or control points to be fitted. */
export interface StoredTransformFlags {
  readonly solution?: string | undefined;
  readonly points?: string | undefined;
  readonly model: TransformModel;
}

/** A transform, and the solution it comes from where it does. */
export interface StoredTransform {
  readonly transform: Transform;
  readonly solution: Solution | null;
  readonly warnings: readonly string[];
}

/**
 * Reads the transform a command is to apply.
 * @param images the images whose pixels points are to be brought to; left as they are where absent.
 * @throws TiepointError `usage`, `refused`, `points-degenerate`, `crs-mismatch`, and those of reading.
 */
export async function readStoredTransform(flags: StoredTransformFlags, images?: PointImages): Promise<StoredTransform> {
  const { solution, points, model } = flags;
  if ((solution === undefined) === (points === undefined)) {
    throw new TiepointError('usage', 'name either a solution (--solution) or control points (--points)');
  }
  if (solution !== undefined) {
    const stored = parseSolution(await readTextFile(solution), solution);
    return { transform: usableTransform(stored, solution), solution: stored, warnings: [] };
  }
  // Reading control points takes the raster package, which solutions do without.
  const { readFittedPoints } = await import('./fitted-points.js');
  return { ...(await readFittedPoints(points!, model, images)), solution: null };
}
