import { open } from 'node:fs/promises';
import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from './byte-source.js';

/**
 * Opens a local file for reading by ranges.
 * @throws {TiepointError} `file-not-found`, `file-unreadable`.
 */
export async function openFileSource(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
      throw new TiepointError('file-not-found', `${path}: no such file`, {
        hint: 'Check the path; relative paths start at the current directory.',
        value: path,
        cause,
      });
    }
    throw unreadable(path, cause);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw unreadable(path, new Error(stat.isDirectory() ? 'it is a directory' : 'not a file'));
    return {
      name: path,
      location: path,
      size: stat.size,
      read: async (offset, length, signal) => {
        signal?.throwIfAborted();
        const wanted = Math.max(0, Math.min(length, stat.size - offset));
        const bytes = new Uint8Array(wanted);
        let done = 0;
        while (done < wanted) {
          const { bytesRead } = await handle.read(bytes, done, wanted - done, offset + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return done === wanted ? bytes : bytes.subarray(0, done);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function unreadable(path: string, cause: Error): TiepointError {
  return new TiepointError('file-unreadable', `${path}: cannot be read (${cause.message})`, {
    hint: 'Check that it is a file and that you may read it.',
    value: path,
    cause,
  });
}
