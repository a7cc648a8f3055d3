import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { identity, TiepointError } from '@tiepoint/geometry';
import type { Engine } from '@tiepoint/matching';
import { openRaster, type RasterFile } from '@tiepoint/raster';
import { signHref } from '@tiepoint/catalog';
import { transformFromJson } from 'tiepoint';
import { buildThumbnails, placedByFiles } from 'tiepoint/node';
import { type CliSession, exitCodeOf, registerPair, statusOf, writeTextFile } from 'tiepoint/cli';
import { type Job, outputPaths } from '../job/job.js';
import type { JobAnswer } from './messages.js';
import { isNetworkFault } from './network-fault.js';
import { outcomeOf } from './outcome.js';

/** Longer side of the pictures of a summary, px. */
const thumbnailSide = 160;

/** A job writes nothing to the terminal: what there is to say goes into its answer. */
function silentSession(): CliSession {
  return {
    out: () => Promise.resolve(),
    err: () => {},
    input: (async function* nothing() {})(),
    progress: () => {},
    signal: new AbortController().signal,
    onInterrupt: () => {},
    exitCode: 0,
  };
}

/** Opens a path or a URL, signed where its provider wants that. */
async function openSigned(source: string, signal: AbortSignal): Promise<RasterFile> {
  if (!/^https?:/i.test(source)) return openRaster(source, { signal });
  const file = await openRaster(await signHref(source), { signal });
  // A signature is a secret, and holds for an hour: what is written names the address without it.
  return { ...file, name: source };
}

/** Registers the pair of a job and writes its outputs, the solution last; whatever goes wrong stands in the answer. */
export async function runJob(job: Job, engine: Engine): Promise<JobAnswer> {
  const { reference, sensed, outputs, thumbnails } = job;
  try {
    for (const path of outputPaths(outputs)) mkdirSync(dirname(path), { recursive: true });
    // The coordinator has made sure that what is there is this batch's own.
    const flags = { ...job.flags, ...outputs, overwrite: true as const };
    const { result, written } = await registerPair(reference, sensed, flags, silentSession(), {
      engine,
      job: job.id,
      open: openSigned,
      ...(thumbnails === undefined
        ? {}
        : { beforeWriting: (fixed, moving, found) => writeThumbnails(thumbnails, fixed, moving, found, job) }),
    });
    const { registration } = result;
    const status = statusOf(registration.verdict);
    return {
      kind: 'answer',
      status,
      outcome: await outcomeOf(registration),
      error: null,
      networkFault: false,
      written,
    };
  } catch (error) {
    const known = error instanceof TiepointError;
    return {
      kind: 'answer',
      status: exitCodeOf(error),
      outcome: null,
      error: {
        code: known ? error.code : 'unexpected',
        message: error instanceof Error ? error.message : String(error),
        ...(known && error.hint !== undefined ? { hint: error.hint } : {}),
      },
      networkFault: isNetworkFault(error),
      written: [],
    };
  }
}

type Found = Parameters<NonNullable<NonNullable<Parameters<typeof registerPair>[4]>['beforeWriting']>>[2];

async function writeThumbnails(
  stem: string,
  reference: RasterFile,
  sensed: RasterFile,
  { registration }: Found,
  job: Job,
): Promise<void> {
  mkdirSync(dirname(stem), { recursive: true });
  const start = job.flags.georeference ? await placedByFiles(reference, sensed).catch(() => identity) : identity;
  const transform = transformFromJson(registration);
  const { before, after } = await buildThumbnails(reference, sensed, transform, start, thumbnailSide);
  writeTextFile(`${stem}-before.webp`, before, true);
  if (after !== null) writeTextFile(`${stem}-after.webp`, after, true);
}
