import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DoneRecord, Job } from '@tiepoint/batch';
import { writeTextFile } from 'tiepoint/cli';
import * as z from 'zod';

/** What is kept of a job: all that a restarted server needs to go on with it. */
const storedSchema = z.object({
  id: z.uuid(),
  process: z.enum(['register', 'match', 'warp', 'assess']),
  /** Who asked for it, for bounds of each client. */
  client: z.string(),
  created: z.string(),
  dismissed: z.boolean(),
  job: z.custom<Job>((value) => typeof value === 'object' && value !== null),
});

type StoredJob = z.infer<typeof storedSchema>;

/** A job of the server, as it stands. */
export interface ServerJob extends StoredJob {
  started: string | null;
  record: DoneRecord | null;
}

/** Jobs, each with a folder of its own. */
export interface JobStore {
  readonly jobs: ReadonlyMap<string, ServerJob>;
  /** Where a new job's files go. */
  folderOf(id: string): string;
  newId(): string;
  /** Keeps a job; on the disk before this returns. */
  save(job: ServerJob): void;
  /** Forgets a job and all it wrote. */
  remove(id: string): void;
}

/**
 * Opens the store of a folder.
 *
 * @param done - how jobs ended, by the journal
 */
export function openJobStore(output: string, done: ReadonlyMap<string, DoneRecord>): JobStore {
  const folder = join(output, 'jobs');
  mkdirSync(folder, { recursive: true });
  const jobs = new Map<string, ServerJob>();
  const folderOf = (id: string): string => join(folder, id);
  for (const id of readdirSync(folder)) {
    let parsed: ReturnType<typeof storedSchema.safeParse>;
    try {
      parsed = storedSchema.safeParse(JSON.parse(readFileSync(join(folderOf(id), 'job.json'), 'utf8')));
    } catch {
      // A folder whose job was never accepted: the server died in between, and the client got no answer.
      rmSync(folderOf(id), { recursive: true, force: true });
      continue;
    }
    if (parsed.success) jobs.set(id, { ...parsed.data, started: null, record: done.get(id) ?? null });
  }
  return {
    jobs,
    folderOf,
    newId: () => randomUUID(),
    save: (job) => {
      const { started: _started, record: _record, ...stored } = job;
      mkdirSync(folderOf(job.id), { recursive: true });
      writeTextFile(join(folderOf(job.id), 'job.json'), `${JSON.stringify(stored)}\n`, true);
      jobs.set(job.id, job);
    },
    remove: (id) => {
      jobs.delete(id);
      rmSync(folderOf(id), { recursive: true, force: true });
    },
  };
}
