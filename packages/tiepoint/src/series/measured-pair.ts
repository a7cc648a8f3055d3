import { TiepointError } from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import type { RegisterOptions } from '../inputs/register-options.js';
import type { JointError } from '../model/joint-error.js';
import { register } from '../register.js';
import type { Registration } from '../result/registration.js';

/** Two images of a series by their numbers: 0 is the reference, 1 the first image. */
export interface PairNumbers {
  readonly sensed: number;
  readonly reference: number;
}

/** What was measured of a pair; plain data, but for typed arrays. */
export interface PairMeasurement {
  /** Null where the images cannot be compared: `failure` says why. */
  readonly registration: Registration | null;
  readonly failure: string | null;
  /** Null where it was refused or failed. */
  readonly jointError: JointError | null;
}

/** A pair of a series and what was measured of it. */
export interface MeasuredPair extends PairNumbers, PairMeasurement {}

/** Errors that say that two images have nothing to be compared by; others end the series. */
const incomparable: ReadonlySet<string> = new Set(['no-overlap', 'no-structure', 'no-valid-pixels', 'image-too-small']);

/**
 * Registers two images of a series.
 *
 * @throws TiepointError of reading, and of `register`
 */
export async function measurePair(
  reference: RasterFile,
  sensed: RasterFile,
  options: RegisterOptions,
): Promise<PairMeasurement> {
  try {
    const { registration, jointError } = await register(reference, sensed, options);
    return { registration, failure: null, jointError };
  } catch (error) {
    if (!(error instanceof TiepointError && incomparable.has(error.code))) throw error;
    return { registration: null, failure: error.message, jointError: null };
  }
}
