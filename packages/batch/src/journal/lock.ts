import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { TiepointError } from '@tiepoint/geometry';
import * as z from 'zod';
import { isAlive, processStart } from './process-state.js';

const owner = z.object({ pid: z.int(), start: z.string().nullable() });

const lockSchema = owner.extend({
  host: z.string(),
  token: z.string(),
  /** The processes that work for it. */
  workers: z.array(owner).readonly(),
});

type LockContent = Readonly<z.infer<typeof lockSchema>>;

/** A lock of another machine is stale when it was not refreshed for so long, ms. */
const silence = 120_000;
const refreshEvery = 15_000;

/** That this process, and no other, runs a batch. Dispose it to let others. */
export interface Lock extends Disposable {
  /** Says which processes work for it, so that whoever takes over can end those that outlived it. */
  setWorkers(pids: readonly number[]): void;
}

/** Null where there is none, or none that can be read: a lock is made whole, so that can only be the work of a crash of the machine. */
function readLock(path: string): LockContent | null {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

function isHeld(path: string, { host, pid, start }: LockContent): boolean {
  if (host === hostname()) return isAlive(pid, start);
  try {
    return Date.now() - statSync(path).mtimeMs < silence;
  } catch {
    return false;
  }
}

/** Whether a live process holds the lock of this path. */
export function lockHolder(path: string): { readonly pid: number; readonly host: string } | null {
  const found = readLock(path);
  return found !== null && isHeld(path, found) ? found : null;
}

function locked(path: string, { pid, host }: { readonly pid: number; readonly host: string }): TiepointError {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new TiepointError('batch-locked', `${path}: process ${pid}${where} is at this batch`, {
    hint: 'Wait until it ends or stop it; where its machine is gone for good, remove the file.',
    value: path,
  });
}

/** Ends what worked for a process that is no more, lest it writes beside those that come after it. */
async function endOrphans({ host, workers }: LockContent): Promise<void> {
  if (host !== hostname()) return;
  // Without its beginning a process cannot be told from another that got its id.
  const orphans = workers.filter(({ pid, start }) => start !== null && isAlive(pid, start));
  for (const { pid } of orphans) process.kill(pid, 'SIGKILL');
  for (const { pid, start } of orphans) while (isAlive(pid, start)) await sleep(10);
}

/** Puts a lock in the place of a stale one; false where another process was faster. */
function replaceStale(path: string, stale: LockContent | null, temporary: string): boolean {
  const claim = `${path}.claim`;
  try {
    closeSync(openSync(claim, 'wx'));
  } catch {
    // A claim lasts a moment: one that stays is of a process that was killed in it.
    const age = Date.now() - (statSync(claim, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 10_000) rmSync(claim, { force: true });
    return false;
  }
  try {
    if (readLock(path)?.token !== stale?.token) return false;
    renameSync(temporary, path);
    return true;
  } finally {
    rmSync(claim, { force: true });
  }
}

/**
 * Takes the lock of a batch.
 *
 * @throws TiepointError `batch-locked` where a live process has it; `output-unwritable`
 */
export async function takeLock(path: string): Promise<Lock> {
  let content: LockContent = {
    pid: process.pid,
    start: processStart(process.pid),
    host: hostname(),
    token: randomUUID(),
    workers: [],
  };
  const temporary = `${path}.${process.pid}.tmp`;
  const write = (): void => writeFileSync(temporary, JSON.stringify(content));
  try {
    for (;;) {
      write();
      try {
        linkSync(temporary, path);
        break;
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(path, cause);
      }
      const found = readLock(path);
      if (found !== null && isHeld(path, found)) throw locked(path, found);
      if (found !== null) await endOrphans(found);
      if (replaceStale(path, found, temporary)) break;
      await sleep(50);
    }
  } finally {
    rmSync(temporary, { force: true });
  }
  const refresh = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // Whoever removed it did so knowingly.
    }
  }, refreshEvery);
  refresh.unref();
  return {
    setWorkers: (pids) => {
      content = { ...content, workers: pids.map((pid) => ({ pid, start: processStart(pid) })) };
      write();
      renameSync(temporary, path);
    },
    [Symbol.dispose]: () => {
      clearInterval(refresh);
      if (readLock(path)?.token === content.token) rmSync(path, { force: true });
    },
  };
}

function unwritable(path: string, cause: unknown): TiepointError {
  return new TiepointError('output-unwritable', `${path}: cannot be written (${(cause as Error).message})`, {
    hint: 'Check that the folder exists and that you may write to it.',
    value: path,
    cause,
  });
}
