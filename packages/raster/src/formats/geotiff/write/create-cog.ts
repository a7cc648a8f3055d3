import { openAtomicOutput } from './atomic-output.js';
import type { CogOptions } from './cog-options.js';
import { createCogIn } from './cog-writer.js';
import type { RasterWriter } from './geotiff-writer.js';

/**
 * Opens a Cloud Optimized GeoTIFF on disk for writing row by row; see `createCogIn`.
 * @throws {TiepointError} As `createGeoTiff`.
 */
export function createCog(path: string, options: CogOptions): Promise<RasterWriter> {
  const files = {
    output: () => openAtomicOutput(path, options.overwrite ?? false),
    spool: () => openAtomicOutput(`${path}.spool`, true),
  };
  return createCogIn(files, options);
}
