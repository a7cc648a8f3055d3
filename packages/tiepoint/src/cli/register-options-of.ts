import type { RasterFile } from '@tiepoint/raster';
import type { RegisterOptions } from '../inputs/register-options.js';
import { verdictLimits } from '../verdict/limits.js';
import { bandOption } from './open-image.js';
import type { MatchingFlags } from './registration-options.js';
import type { CliSession } from './session.js';

/** The library's options for the flags, of images that are open. @throws TiepointError `no-such-band` */
export function registerOptionsOf(
  flags: MatchingFlags,
  session: CliSession,
  reference: RasterFile,
  sensed: RasterFile,
): RegisterOptions {
  return {
    method: flags.method,
    model: flags.model,
    georeference: flags.georeference,
    seed: flags.seed,
    signal: session.signal,
    onProgress: (text) => session.progress(text),
    band: bandOption(sensed, flags.band),
    referenceBand: bandOption(reference, flags.referenceBand),
    searchRadius: flags.searchRadius,
    maxShift: flags.maxShift,
    mirrored: flags.mirrored,
    limits:
      flags.acceptAbove === undefined
        ? undefined
        : { ...verdictLimits, confidence: { ...verdictLimits.confidence, accept: flags.acceptAbove } },
  };
}
