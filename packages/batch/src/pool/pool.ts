import { type ChildProcess, fork } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Job } from '../job/job.js';
import type { ChildMessage, JobAnswer, JobDeath, JobMessage } from './messages.js';
import { residentMemory } from './resident-memory.js';

/** How jobs are run. */
export interface PoolOptions {
  /** Threads of each child. */
  readonly threads: number;
  /** A job may take so long, ms. */
  readonly timeout: number;
  /** A child may hold so much, bytes. */
  readonly memory: number;
  /** A module that signs addresses. */
  readonly signer?: string | undefined;
  /** Told which processes there are whenever that changes. */
  readonly onWorkers?: ((pids: readonly number[]) => void) | undefined;
}

/** What runs jobs: child processes, or workers elsewhere. */
export interface Executor extends AsyncDisposable {
  /** Runs a job; that its process dies is an answer, too. */
  run(job: Job): Promise<JobAnswer | JobDeath>;
  /** Ends one job at once. */
  cancel(id: string): void;
  /** Ends all jobs that run at once. */
  kill(): void;
  /** The most memory that a process was seen to hold, bytes; 0 where that is not known. */
  peakMemory(): number;
}

interface Child {
  readonly process: ChildProcess;
  /** The last lines that it wrote to standard error: what a crash has to say. */
  said: string;
  /** Why the pool ended it, where it did. */
  ended: JobDeath | null;
  /** The id of the job that it runs. */
  job: string | null;
}

const entry = fileURLToPath(new URL('./child.js', import.meta.url));
const watchEvery = 500;
/** A child may be this long in starting, ms. */
const startTimeout = 120_000;

/**
 * Child processes that run jobs, one at a time each, and stay warm between them: as many as there are jobs at once, none before
 * there is one. A child that dies takes only its own job with it.
 */
export function createPool(options: PoolOptions): Executor {
  const { threads, timeout, memory, onWorkers } = options;
  const children = new Set<Child>();
  const idle: Child[] = [];
  let peak = 0;
  let closed = false;

  const announce = (): void =>
    onWorkers?.([...children].flatMap(({ process: { pid } }) => (pid === undefined ? [] : [pid])));
  const end = (child: Child, why: JobDeath): void => {
    child.ended ??= why;
    child.process.kill('SIGKILL');
  };
  const watch = setInterval(() => {
    for (const child of children) {
      const { pid } = child.process;
      if (pid === undefined) continue;
      void residentMemory(pid).then((bytes) => {
        if (bytes === null) return;
        peak = Math.max(peak, bytes);
        const [held, bound] = [bytes, memory].map((value) => Math.round(value / 2 ** 20));
        if (bytes > memory) {
          end(child, {
            kind: 'death',
            cause: 'limit',
            message: `it held ${held} MB of memory, more than the ${bound} MB it may`,
          });
        }
      });
    }
  }, watchEvery);
  watch.unref();

  const start = (): Child => {
    const made = fork(
      entry,
      [String(threads), String(memory / 2), ...(options.signer === undefined ? [] : [options.signer])],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        execArgv: [],
        serialization: 'advanced',
      },
    );
    setMaxListeners(0, made);
    const child: Child = { process: made, said: '', ended: null, job: null };
    made.stderr?.setEncoding('utf8').on('data', (text: string) => {
      child.said = (child.said + text).slice(-2000);
    });
    made.on('error', () => {});
    children.add(child);
    made.on('exit', () => {
      children.delete(child);
      const at = idle.indexOf(child);
      if (at >= 0) idle.splice(at, 1);
      announce();
    });
    announce();
    return child;
  };

  const runIn = (child: Child, job: Job): Promise<JobAnswer | JobDeath> =>
    new Promise((resolve) => {
      const { process: made } = child;
      child.job = job.id;
      const done = (result: JobAnswer | JobDeath): void => {
        clearTimeout(timer);
        child.job = null;
        made.off('message', onMessage);
        made.off('exit', onExit);
        resolve(result);
      };
      const onMessage = (message: unknown): void => {
        const said = message as ChildMessage;
        if (said.kind === 'answer') done(said);
      };
      const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
        const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
        const last = child.said.trim().split('\n').slice(-6).join('\n');
        done(
          child.ended ?? {
            kind: 'death',
            cause: 'crash',
            message: `its process ${how}${last === '' ? '' : `: ${last}`}`,
          },
        );
      };
      const timer = setTimeout(
        () => end(child, { kind: 'death', cause: 'limit', message: `it took longer than ${timeout / 1000} s` }),
        timeout,
      );
      made.on('message', onMessage);
      made.on('exit', onExit);
      const message: JobMessage = { job };
      // Where it cannot be sent the process is gone, and its end says so.
      made.send(message, () => {});
    });

  const ready = (child: Child): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => child.process.kill('SIGKILL'), startTimeout);
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      child.process.once('message', go);
      child.process.once('exit', go);
      child.process.once('error', go);
    });

  const kill = (): void => {
    closed = true;
    for (const child of children) end(child, { kind: 'death', cause: 'stop', message: 'the batch was interrupted' });
  };

  return {
    async run(job) {
      if (closed) return { kind: 'death', cause: 'stop', message: 'the batch was interrupted' };
      let child = idle.pop();
      if (child === undefined) {
        child = start();
        await ready(child);
      }
      if (child.process.exitCode !== null || child.process.signalCode !== null) {
        return (
          child.ended ?? { kind: 'death', cause: 'crash', message: `its process did not start: ${child.said.trim()}` }
        );
      }
      const result = await runIn(child, job);
      if (result.kind === 'answer' && child.process.connected && child.ended === null) idle.push(child);
      return result;
    },
    cancel: (id) => {
      for (const child of children) {
        if (child.job === id) end(child, { kind: 'death', cause: 'stop', message: 'it was dismissed' });
      }
    },
    kill,
    peakMemory: () => peak,
    async [Symbol.asyncDispose]() {
      closed = true;
      clearInterval(watch);
      const gone = [...children].map(
        (child) => new Promise<void>((resolve) => child.process.once('exit', () => resolve())),
      );
      for (const { process: made } of children) {
        if (made.connected) made.disconnect();
        else made.kill('SIGKILL');
      }
      await Promise.all(gone);
    },
  };
}
