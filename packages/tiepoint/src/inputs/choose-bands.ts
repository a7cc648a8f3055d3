import { TiepointError } from '@tiepoint/geometry';
import { createEngine } from '@tiepoint/matching';
import type { RasterFile } from '@tiepoint/raster';
import { prepare, type PrepareOptions, type RegisterOptions } from './prepare.js';
import { registerPlanes } from './register-planes.js';
import type { BandChoice, BandTrial } from './types.js';

/** Longest side at which bands are tried, px. */
const trialSide = 1024;
/** Pairs of bands that are tried at most. */
const mostPairs = 64;

/** The bands to try; undefined is what is matched where nothing is asked for. */
function candidatesOf(file: RasterFile, asked: number | 'auto' | undefined): readonly (number | undefined)[] {
  if (asked !== 'auto') return [asked];
  return file.bands.filter(({ colorInterpretation }) => colorInterpretation !== 'alpha').map(({ index }) => index);
}

/** A pair that is not refused before one that is, then the one known better. */
function isBetter(a: BandTrial, b: BandTrial): boolean {
  if ((a.verdict === 'refuse') !== (b.verdict === 'refuse')) return b.verdict === 'refuse';
  return (a.predictedSd ?? Infinity) < (b.predictedSd ?? Infinity);
}

/**
 * Resolves `auto` bands: registers every pair of bands, at 1024 px a side, and keeps the one whose transform is predicted to be
 * known best. A band that is not `auto` stays as it is.
 *
 * @returns the options with the bands, and the choice where there was one
 * @throws TiepointError `invalid-option`, and what `prepare` and `registerPlanes` throw
 */
export async function chooseBands(
  reference: RasterFile,
  sensed: RasterFile,
  options: RegisterOptions,
): Promise<{ readonly options: PrepareOptions; readonly choice: BandChoice | null }> {
  const { band, referenceBand, ...rest } = options;
  const { onProgress } = rest;
  const asOptions = (fixed: number | undefined, moving: number | undefined): PrepareOptions => ({
    ...rest,
    ...(moving === undefined ? {} : { band: moving }),
    ...(fixed === undefined ? {} : { referenceBand: fixed }),
  });
  if (band !== 'auto' && referenceBand !== 'auto') return { options: asOptions(referenceBand, band), choice: null };
  const pairs = candidatesOf(reference, referenceBand).flatMap((fixed) =>
    candidatesOf(sensed, band).map((moving) => asOptions(fixed, moving)),
  );
  if (pairs.length > mostPairs) {
    throw new TiepointError('invalid-option', `${pairs.length} pairs of bands are too many to be tried`, {
      hint: `name the band of one of the images (--band or --reference-band); at most ${mostPairs} pairs are tried`,
      value: pairs.length,
    });
  }
  const engine = options.engine ?? createEngine();
  const tried: BandTrial[] = [];
  try {
    for (const [i, bands] of pairs.entries()) {
      const prepared = await prepare(reference, sensed, {
        ...bands,
        engine,
        workingSide: trialSide,
        onProgress: (text) => onProgress?.(`bands, pair ${i + 1} of ${pairs.length}: ${text}`),
      });
      const { verdict, accuracy } = await registerPlanes(
        prepared.reference.plane,
        prepared.sensed.plane,
        prepared.options,
      ).catch((error: unknown) => {
        // A band without structure is no candidate; the other pairs decide.
        if (error instanceof TiepointError && pairs.length > 1) return { verdict: 'refuse' as const, accuracy: null };
        throw error;
      });
      const scale = Math.sqrt(prepared.reference.scale[0] * prepared.reference.scale[1]);
      tried.push({
        referenceBand: prepared.reference.band,
        band: prepared.sensed.band,
        verdict,
        predictedSd: accuracy === null ? null : accuracy.predictedSd * scale,
      });
    }
  } finally {
    if (options.engine === undefined) await engine.dispose();
  }
  const best = tried.reduce((a, b) => (isBetter(b, a) ? b : a));
  const { verdict: _verdict, predictedSd: _predictedSd, ...chosen } = best;
  return { options: pairs[tried.indexOf(best)]!, choice: { ...chosen, tried } };
}
