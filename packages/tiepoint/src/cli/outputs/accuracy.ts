import { extname } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import type { ReferenceGrid } from '@tiepoint/raster';
import { writeAccuracyMap } from '../result/write-accuracy-map.js';
import type { RegistrationResult } from '../result/registration-result.js';
import type { RegisterFlags } from './commands/register.js';
import { readCreationOptions } from './creation-options.js';

/**
 * Checks before the work begins that the map can be written under its name and with these options.
 * @throws TiepointError `output-unsupported`, `invalid-option`.
 */
export function checkAccuracyOutput(path: string, flags: RegisterFlags): void {
  readCreationOptions(flags.co);
  if (/^\.tiff?$/i.test(extname(path))) return;
  throw new TiepointError('output-unsupported', `${path}: the predicted error is written as GeoTIFF`, {
    hint: 'Give the file of --accuracy a name that ends with .tif.',
    value: path,
  });
}

/** Writes the map of the predicted error; false, and nothing is written, where the registration was refused. */
export async function writeAccuracyOutput(
  reference: ReferenceGrid,
  { errorField }: RegistrationResult,
  path: string,
  flags: RegisterFlags,
  signal: AbortSignal,
): Promise<boolean> {
  if (errorField === null) return false;
  await writeAccuracyMap(path, errorField, reference, {
    ...readCreationOptions(flags.co),
    format: flags.of,
    overwrite: flags.overwrite === true,
    signal,
  });
  return true;
}
