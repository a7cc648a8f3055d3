import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CurvePoint, type RunOptions, validationCurve } from '@tiepoint/training';
import type { CliSession } from './session.js';
import type { TrainingFlags } from './training-options.js';
import { toolVersion } from './version.js';

/** How much of each set is drawn, for the sets that the shipped weights come from; others count 1. */
export const setWeights = {
  dlsm: { s1s2: 1.2, 'global-dem': 0.3 },
  detector: { s1s2: 1.4, 'metre-sar': 1.4, 'global-dem': 0.2 },
  matcher: { s1s2: 1.2, 'metre-sar': 1.2, 'global-dem': 0.12, bands: 0.48 },
} as const;

/** What every run of training is told, by the flags. */
export function runOptionsOf(flags: TrainingFlags, session: CliSession): RunOptions {
  const { out, steps, learningRate, validateEvery, threads, seed, quiet } = flags;
  return {
    out,
    steps,
    learningRate,
    seed,
    validateEvery,
    threads,
    provenance: `tiepoint ${toolVersion}`,
    signal: session.signal,
    onMessage: (text) => {
      session.progress('');
      if (!quiet) session.err(text);
    },
    onProgress: ({ step, loss, secondsLeft }) =>
      session.progress(`step ${step} of ${steps}, loss ${loss.toFixed(2)}, ${Math.ceil(secondsLeft / 60)} min left`),
  };
}

/** The manifests that the flags name. */
export function manifestsOf({ pairs, stacks }: TrainingFlags): { readonly pairs: string; readonly stacks?: string } {
  return stacks === undefined ? { pairs } : { pairs, stacks };
}

/**
 * Draws `validation.svg` of the run's `validation.jsonl`, and says what was written.
 *
 * @param read - a line of the records as a point of the curve
 */
export async function finishRun(
  { out, quiet }: TrainingFlags,
  file: string,
  curve: { readonly label: string; readonly read: (line: string) => CurvePoint },
  session: CliSession,
): Promise<void> {
  const lines = (await readFile(join(out, 'validation.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');
  await writeFile(join(out, 'validation.svg'), validationCurve(lines.map(curve.read), curve.label));
  session.progress('');
  if (!quiet) await session.out(`${join(out, file)}\n${join(out, 'validation.svg')}\n`);
}

/** Reads a line of the validation of `trainDetector` and `trainMatcher`: a share for each set. */
export function shareRecord(line: string): CurvePoint {
  const { step, ...values } = JSON.parse(line) as Record<string, number> & { readonly step: number };
  return { step, values };
}
