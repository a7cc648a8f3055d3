import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { identity, TiepointError } from '@tiepoint/geometry';
import type { Engine } from '@tiepoint/matching';
import { isUrl, openRaster, type RasterFile } from '@tiepoint/raster';
import { signHref } from '@tiepoint/catalog';
import { transformFromJson } from 'tiepoint';
import { buildThumbnails, placedByFiles } from 'tiepoint/node';
import {
  type AssessFlags,
  type CliSession,
  exitCodeOf,
  type MatchFlags,
  openSource,
  registerPair,
  runAssess,
  runMatch,
  runWarp,
  statusOf,
  type WarpFlags,
  writeTextFile,
} from 'tiepoint/cli';
import { type Job, type JobLimits, outputPaths } from '../job/job.js';
import { guardedFetch } from './guarded-fetch.js';
import type { JobAnswer } from './messages.js';
import { isNetworkFault } from './network-fault.js';
import { outcomeOf } from './outcome.js';

/** Longer side of the pictures of a summary, px. */
const thumbnailSide = 160;

/** A job writes nothing to the terminal: what there is to say goes into its answer. */
function silentSession(open: CliSession['open'], out: CliSession['out'] = () => Promise.resolve()): CliSession {
  return {
    out,
    open,
    err: () => {},
    input: (async function* nothing() {})(),
    progress: () => {},
    signal: new AbortController().signal,
    onInterrupt: () => {},
    exitCode: 0,
  };
}

/** Opens a path or a URL, signed where its provider wants that, within what the job may. */
function opener(limits: JobLimits | undefined): NonNullable<CliSession['open']> {
  return async (source, options) => {
    const remote = isUrl(source);
    // The keys of whoever runs the server are not for what strangers name.
    const http = limits === undefined ? {} : { fetch: guardedFetch(limits.hosts), environment: false };
    const file = await (limits === undefined ? openSource : openRaster)(remote ? await signHref(source) : source, {
      ...options,
      http,
      // What strangers send may name files that are none of theirs.
      confined: limits !== undefined && !remote,
    });
    if (limits !== undefined && file.width * file.height > limits.pixels) {
      await file.close();
      throw new TiepointError(
        'image-too-large',
        `${source}: ${file.width} × ${file.height} px are more than is allowed`,
        {
          value: file.width * file.height,
        },
      );
    }
    // A signature is a secret, and holds for an hour: what is written names the address without it.
    return remote ? { ...file, name: source } : file;
  };
}

/** Registers the pair of a job and writes its outputs, the solution last; whatever goes wrong stands in the answer. */
export async function runJob(job: Job, engine: Engine): Promise<JobAnswer> {
  const { reference, sensed, outputs, thumbnails } = job;
  try {
    for (const path of outputPaths(outputs)) mkdirSync(dirname(path), { recursive: true });
    if (job.process !== undefined) return await runProcess(job, job.process);
    // The coordinator has made sure that what is there is this batch's own.
    const flags = { ...job.flags, ...outputs, overwrite: true as const };
    const { result, written } = await registerPair(reference, sensed, flags, silentSession(opener(job.limits)), {
      engine,
      job: job.id,
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

/** What another command than `register` does for its result document, which is the mark that it is done. */
async function runProcess(job: Job, process: NonNullable<Job['process']>): Promise<JobAnswer> {
  const { reference, sensed, outputs } = job;
  let document = '';
  const session = silentSession(opener(job.limits), async (text) => void (document += text));
  const flags = { ...job.flags, ...outputs, json: true as const, overwrite: true as const };
  // A solution is an input of `warp`, not what it writes; its document goes where the others' does.
  const { solution: _mark, ...others } = flags;
  if (process === 'match')
    await runMatch(reference, sensed, { ...others, points: outputs.points } as MatchFlags, session);
  if (process === 'assess') await runAssess(reference, sensed, others as AssessFlags, session);
  if (process === 'warp') {
    const given = job.flags as unknown as WarpFlags;
    await runWarp(sensed, outputs.output!, { ...given, reference, overwrite: true, quiet: true }, session);
    document = '{"version":1}\n';
  }
  writeTextFile(outputs.solution, document, true);
  const written = outputPaths(outputs).filter((path) => existsSync(path));
  return { kind: 'answer', status: session.exitCode, outcome: null, error: null, networkFault: false, written };
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
