import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  createJobRunner,
  type Executor,
  type Job,
  type JobOutputs,
  openJournal,
  readJournals,
  takeLock,
} from '@tiepoint/batch';
import { ApiError, invalidInput, noSuchJob } from './api-error.js';
import { checkInput } from './check-input.js';
import { type JobStore, openJobStore, type ServerJob } from './job-store.js';
import { flagsOf } from './option-schema.js';
import type { Process } from './processes.js';
import type { ServerOptions } from './server-options.js';

/** Takes jobs, runs them, and knows how they stand. */
export interface JobService extends AsyncDisposable {
  readonly store: JobStore;
  /** Accepts a job: when this has returned, the job will be done, also by a later server. @throws ApiError */
  submit(process: Process, inputs: unknown, client: string): Promise<ServerJob>;
  /** Waits for the end of a job, or until the patience is over. */
  wait(id: string, patience: number): Promise<void>;
  dismiss(id: string): ServerJob;
}

/** Whether a job has not ended yet. */
export const isOpen = ({ record, dismissed }: ServerJob): boolean => record === null && !dismissed;

function outputsOf({ outputs }: Process, folder: string): JobOutputs {
  const named = Object.fromEntries(Object.values(outputs).map(({ key, file }) => [key, join(folder, file)]));
  // Every job has a document: the mark that the rest is there.
  return { solution: join(folder, 'result.json'), ...named };
}

/** The job of a request. */
async function planJob(
  process: Process,
  given: unknown,
  id: string,
  store: JobStore,
  options: ServerOptions,
): Promise<Job> {
  const parsed = process.inputs.safeParse(given ?? {});
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw invalidInput(`inputs${path.length === 0 ? '' : `.${path.join('.')}`}: ${message}`);
  }
  const { reference, sensed, solution, ...values } = parsed.data;
  const flags: Record<string, unknown> = flagsOf(process.command, values);
  if (typeof solution === 'string') {
    const path = join(store.folderOf(solution), 'result.json');
    if (store.jobs.get(solution)?.process !== 'register' || !existsSync(path)) {
      throw invalidInput('inputs.solution: there is no such registration, or it has not ended');
    }
    flags['solution'] = path;
  }
  return {
    id,
    name: id,
    place: 'a request',
    reference: await checkInput(reference, options),
    sensed: await checkInput(sensed, options),
    flags: flags as unknown as Job['flags'],
    outputs: outputsOf(process, store.folderOf(id)),
    process: process.run,
    limits: options.limits,
  };
}

/**
 * Opens the jobs of a folder and goes on with those that have not ended.
 *
 * @param size - jobs at once
 * @throws TiepointError `batch-locked`, `output-unwritable`
 */
export async function openJobService(options: ServerOptions, executor: Executor, size: number): Promise<JobService> {
  const path = join(options.output, 'tiepoint-server.jsonl');
  const lock = await takeLock(`${path}.lock`);
  const { done } = await readJournals(path);
  const store = openJobStore(options.output, done);
  const journal = openJournal(path);
  const ends = new Map<string, Promise<unknown>>();
  const runner = createJobRunner({
    executor,
    size,
    journal,
    onStart: ({ id }) => {
      const job = store.jobs.get(id);
      if (job !== undefined) job.started = new Date().toISOString();
    },
  });
  const run = (job: ServerJob): void => {
    const end = runner.add(job.job).then(
      (record) => {
        job.record = record;
      },
      // The journal cannot be written: the job stays open, and a server with room on its disk does it.
      () => {},
    );
    ends.set(job.id, end);
    void end.finally(() => ends.delete(job.id));
  };
  for (const job of store.jobs.values()) if (isOpen(job)) run(job);
  let closing = false;

  return {
    store,
    submit: async (process, inputs, client) => {
      if (closing) throw new ApiError(503, 'ServerBusy', 'the server is ending');
      const open = [...store.jobs.values()].filter((job) => job.client === client && isOpen(job)).length;
      if (open >= options.jobsPerClient) {
        throw new ApiError(429, 'TooManyJobs', `${open} of your jobs have not ended; ask again later`);
      }
      const id = store.newId();
      const job = await planJob(process, inputs, id, store, options);
      const created = new Date().toISOString();
      const accepted = { id, process: process.id, client, created, dismissed: false, job, started: null, record: null };
      store.save(accepted);
      run(accepted);
      return accepted;
    },
    wait: async (id, patience) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, patience)));
      await Promise.race([ends.get(id) ?? Promise.resolve(), late]);
      clearTimeout(timer);
    },
    dismiss: (id) => {
      const job = store.jobs.get(id);
      if (job === undefined) throw noSuchJob();
      if (isOpen(job)) {
        job.dismissed = true;
        store.save(job);
        runner.cancel(id);
        return job;
      }
      // One that has ended goes with all it wrote.
      store.remove(id);
      return { ...job, dismissed: true };
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      runner.stop();
      await Promise.allSettled(ends.values());
      await executor[Symbol.asyncDispose]();
      journal[Symbol.dispose]();
      lock[Symbol.dispose]();
    },
  };
}
