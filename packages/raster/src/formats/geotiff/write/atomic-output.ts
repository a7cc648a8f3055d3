import { closeSync, openSync, rmSync } from 'node:fs';
import { access, type FileHandle, link, open, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';

/** A file under a temporary name that takes its real name only when it is whole. */
export interface AtomicOutput {
  readonly path: string;
  readonly temporary: string;
  /** Writes at a position. @throws {TiepointError} `disk-full`, `output-unwritable`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Reads back what was written, into the beginning of `into`. */
  read(position: number, length: number, into: Uint8Array): Promise<Uint8Array>;
  /** Flushes to the disk, then renames. @throws {TiepointError} `output-exists`, `disk-full`, `output-unwritable`. */
  commit(): Promise<void>;
  /** Removes the temporary file; does nothing after `commit`. */
  abort(): Promise<void>;
}

/** Temporary files to remove should the process end. */
const unfinished = new Set<string>();
let counter = 0;

/**
 * Opens a file for writing beside its final place.
 * @param overwrite Replaces an existing file on commit; otherwise one is an error now, and again on commit.
 * @throws {TiepointError} `output-exists`, `output-unwritable`.
 */
export async function openAtomicOutput(path: string, overwrite: boolean): Promise<AtomicOutput> {
  if (!overwrite && (await exists(path))) throw outputExists(path);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${counter++}.tmp`);
  remember(temporary);
  let handle: FileHandle;
  try {
    // Made in this thread: another thread could make it after the signal that removes what is unfinished.
    closeSync(openSync(temporary, 'wx'));
    handle = await open(temporary, 'r+');
  } catch (cause) {
    rmSync(temporary, { force: true });
    forget(temporary);
    throw writeError(path, cause as NodeJS.ErrnoException);
  }
  let active = true;
  const abort = async (): Promise<void> => {
    if (!active) return;
    active = false;
    await handle.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    forget(temporary);
  };
  return {
    path,
    temporary,
    write: async (bytes, position) => {
      try {
        await writeAll(handle, bytes, position);
      } catch (cause) {
        throw writeError(path, cause as NodeJS.ErrnoException);
      }
    },
    read: async (position, length, into) => {
      const bytes = into.subarray(0, length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes;
    },
    commit: async () => {
      try {
        await handle.sync();
        await handle.close();
        await moveIntoPlace(temporary, path, overwrite);
        if (overwrite) await removeSidecars(path);
        active = false;
        forget(temporary);
        await syncDirectory(dirname(path));
      } catch (cause) {
        await abort();
        throw cause instanceof TiepointError ? cause : writeError(path, cause as NodeJS.ErrnoException);
      }
    },
    abort,
  };
}

/** Writes a whole small file the same way: temporary name, flush, rename. @throws As {@link openAtomicOutput}. */
export async function writeFileAtomically(path: string, text: string | Uint8Array, overwrite: boolean): Promise<void> {
  const output = await openAtomicOutput(path, overwrite);
  try {
    await output.write(typeof text === 'string' ? new TextEncoder().encode(text) : text, 0);
    await output.commit();
  } catch (error) {
    await output.abort();
    throw error;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

async function moveIntoPlace(temporary: string, path: string, overwrite: boolean): Promise<void> {
  if (overwrite) return rename(temporary, path);
  // A link fails where the name has been taken meanwhile; a rename would replace that file.
  try {
    await link(temporary, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST' || (await exists(path))) throw outputExists(path);
    // File systems without hard links.
    return rename(temporary, path);
  }
  await unlink(temporary);
}

/** What GDAL keeps beside a file tells of the one that was replaced: statistics, overviews, a mask. */
async function removeSidecars(path: string): Promise<void> {
  for (const ending of ['.aux.xml', '.ovr', '.ovr.aux.xml', '.msk', '.msk.ovr'])
    await rm(`${path}${ending}`, { force: true });
}

/** Makes the new name durable; not every system lets a directory be opened. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function outputExists(path: string): TiepointError {
  return new TiepointError('output-exists', `${path}: the file exists already`, {
    hint: 'Choose another name, or allow it to be replaced (--overwrite).',
    value: path,
  });
}

function writeError(path: string, cause: NodeJS.ErrnoException): TiepointError {
  if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') {
    return new TiepointError('disk-full', `${path}: no space is left on the device`, {
      hint: 'Free some space or write elsewhere; what was there before is untouched.',
      value: path,
      cause,
    });
  }
  return new TiepointError('output-unwritable', `${path}: cannot be written (${cause.message})`, {
    hint: 'Check that the directory exists and that you may write to it.',
    value: path,
    cause,
  });
}

function removeAll(): void {
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
}

/** A signal nobody else handles ends the process, and takes the temporary files with it. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function remember(path: string): void {
  if (unfinished.size === 0) {
    process.on('exit', removeAll);
    for (const signal of signals) process.on(signal, onSignal);
  }
  unfinished.add(path);
}

function forget(path: string): void {
  unfinished.delete(path);
  if (unfinished.size > 0) return;
  process.off('exit', removeAll);
  for (const signal of signals) process.off(signal, onSignal);
}
