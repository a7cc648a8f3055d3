import { relative } from 'node:path';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Outcome } from '../journal/record.js';
import type { JobEnd } from '../run/run-batch.js';

/** How a job stands, in a word. */
export type JobState = 'accepted' | 'warning' | 'refused' | 'failed' | 'open';

const states: Readonly<Record<number, JobState>> = { 0: 'accepted', 5: 'warning', 4: 'refused' };

/** The state of a job. */
export function stateOf({ record }: JobEnd): JobState {
  return record === null ? 'open' : (states[record.status] ?? 'failed');
}

/** A line of a summary; what is not known is null. Links are relative to the summary's folder. */
export interface SummaryRow {
  readonly name: string;
  readonly state: JobState;
  readonly status: number | null;
  readonly reference: string;
  readonly sensed: string;
  readonly model: string | null;
  readonly tiePoints: number | null;
  readonly inliers: number | null;
  /** px of the reference. */
  readonly ce90: number | null;
  readonly ce90Metres: number | null;
  readonly checkRmse: number | null;
  readonly predictedSd: number | null;
  readonly shiftX: number | null;
  readonly shiftY: number | null;
  readonly shiftMetres: number | null;
  readonly seconds: number | null;
  readonly attempts: number | null;
  /** Why it was refused, warned about or failed. */
  readonly reason: string;
  readonly output: string | null;
  readonly solution: string | null;
  readonly report: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly footprint: Outcome['footprint'];
  readonly id: string;
}

/** The row of a job, with links as seen from a folder. */
export function summaryRow(end: JobEnd, folder: string): SummaryRow {
  const { job, record } = end;
  const { outcome, error } = record ?? { outcome: null, error: null };
  const written = new Set(record?.written ?? []);
  const link = (path: string | undefined): string | null =>
    path === undefined || !written.has(path) ? null : relativeLink(folder, path);
  const picture = (which: string): string | null => {
    const path = `${job.thumbnails}-${which}.webp`;
    return job.thumbnails !== undefined && outcome !== null && existsSync(path) ? relativeLink(folder, path) : null;
  };
  return {
    name: job.name,
    state: stateOf(end),
    status: record?.status ?? null,
    reference: job.reference,
    sensed: job.sensed,
    model: outcome?.model ?? null,
    tiePoints: outcome?.tiePoints ?? null,
    inliers: outcome?.inliers ?? null,
    ce90: outcome?.ce90 ?? null,
    ce90Metres: outcome?.ce90Metres ?? null,
    checkRmse: outcome?.checkRmse ?? null,
    predictedSd: outcome?.predictedSd ?? null,
    shiftX: outcome?.shiftX ?? null,
    shiftY: outcome?.shiftY ?? null,
    shiftMetres: outcome?.shiftMetres ?? null,
    seconds: outcome?.seconds ?? null,
    attempts: record?.attempts ?? null,
    reason: error === null ? (outcome?.reasons ?? []).join('; ') : `${error.message} [${error.code}]`,
    output: link(job.outputs.output),
    solution: link(job.outputs.solution),
    report: link(job.outputs.report),
    before: picture('before'),
    after: picture('after'),
    footprint: outcome?.footprint ?? null,
    id: job.id,
  };
}

/** A path as a page or a table in a folder names it: with slashes, and escaped for a URL. */
function relativeLink(folder: string, path: string): string {
  const link = relative(folder, path);
  // Another drive has no relative path.
  if (/^[A-Za-z]:/.test(link)) return pathToFileURL(path).href;
  return link.split(/[\\/]/).map(encodeURIComponent).join('/');
}
