import type { RasterFile } from '@tiepoint/raster';
import { register } from './register.js';
import type { RegisterOptions } from './inputs/register-options.js';
import type { Provenance } from './result/registration.js';
import type { TiePoint } from './result/tie-point.js';

/** Tie points and where they came from. */
export interface Matching {
  readonly tiePoints: readonly TiePoint[];
  readonly method: string;
  readonly seconds: number;
  readonly provenance: Provenance;
  readonly warnings: readonly string[];
}

/**
 * Finds tie points only. Those that agree with no common geometry are among them: filtering is the caller's.
 *
 * @throws what {@link register} throws
 */
export async function matchImages(
  reference: RasterFile,
  sensed: RasterFile,
  options: RegisterOptions = {},
): Promise<Matching> {
  const { registration, tiePoints } = await register(reference, sensed, options);
  const { method, seconds, provenance, warnings } = registration;
  const plain = tiePoints.map(({ inlier: _inlier, residual: _residual, ...point }) => point);
  return { tiePoints: plain, method, seconds, provenance, warnings };
}
