import { TiepointError } from '@tiepoint/geometry';
import { createEngine } from '@tiepoint/matching';
import type { RasterFile } from '@tiepoint/raster';
import { readInputs, type ReadOptions } from './read-inputs.js';
import type { RegisterOptions } from './register-options.js';
import type { TaskResult } from '../result/task-result.js';
import type { Task } from './task.js';
import type { BandChoice, BandTrial } from '../result/registration.js';

/** Longest side at which bands are tried, px. */
const trialSide = 1024;
/** Pairs of bands that are tried at most. */
const mostPairs = 64;

/** The bands to try; undefined is what is matched where nothing is band for. */
function candidatesOf(file: RasterFile, band: number | 'auto' | undefined): readonly (number | undefined)[] {
  if (band !== 'auto') return [band];
  return file.bands.filter(({ colorInterpretation }) => colorInterpretation !== 'alpha').map(({ index }) => index);
}

/** A pair that is not refused before one that is, then the one known better. */
function isBetter(a: BandTrial, b: BandTrial): boolean {
  if ((a.verdict === 'refuse') !== (b.verdict === 'refuse')) return b.verdict === 'refuse';
  return (a.predictedSd ?? Infinity) < (b.predictedSd ?? Infinity);
}

/** What registers the planes of a task. */
type RegisterTask = (task: Task) => Promise<TaskResult>;

async function tryBands(
  reference: RasterFile,
  sensed: RasterFile,
  options: ReadOptions,
  registerTask: RegisterTask,
): Promise<BandTrial> {
  await using inputs = await readInputs(reference, sensed, options);
  const result = await registerTask(inputs.task);
  return {
    referenceBand: inputs.referenceBand,
    band: inputs.band,
    verdict: result.verdict,
    predictedSd: result.found ? result.accuracy.predictedSd : null,
  };
}

/** A band without structure is no candidate; the other pairs decide. */
function saysNothing(error: unknown): boolean {
  return error instanceof TiepointError && ['no-structure', 'no-valid-pixels'].includes(error.code);
}

function refusedTrial({ referenceBand, band }: ReadOptions): BandTrial {
  return {
    referenceBand: referenceBand ?? 'luminance',
    band: band ?? 'luminance',
    verdict: 'refuse',
    predictedSd: null,
  };
}

/**
 * Resolves `auto` bands: registers every pair of bands, at 1024 px a side, and keeps the one whose transform is predicted to be
 * known best. A band that is not `auto` stays as it is.
 *
 * @returns the options with the bands, and the choice where there was one
 * @param registerTask - tries a pair
 * @throws TiepointError `invalid-option`, and what {@link readInputs} throws
 */
export async function chooseBands(
  reference: RasterFile,
  sensed: RasterFile,
  options: RegisterOptions,
  registerTask: RegisterTask,
): Promise<{ readonly options: ReadOptions; readonly choice: BandChoice | null }> {
  const { band, referenceBand, ...rest } = options;
  const { onProgress } = rest;
  const asOptions = (fixed: number | undefined, moving: number | undefined): ReadOptions => ({
    ...rest,
    band: moving,
    referenceBand: fixed,
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
      const trial = tryBands(
        reference,
        sensed,
        {
          ...bands,
          engine,
          workingSide: trialSide,
          onProgress: (text) => onProgress?.(`bands, pair ${i + 1} of ${pairs.length}: ${text}`),
        },
        registerTask,
      );
      tried.push(
        await trial.catch((error: unknown) => {
          if (pairs.length > 1 && saysNothing(error)) return refusedTrial(bands);
          throw error;
        }),
      );
    }
  } finally {
    if (options.engine === undefined) await engine.dispose();
  }
  const best = tried.reduce((a, b) => (isBetter(b, a) ? b : a));
  const { verdict: _verdict, predictedSd: _predictedSd, ...chosen } = best;
  return { options: pairs[tried.indexOf(best)]!, choice: { ...chosen, tried } };
}
