import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';

/**
 * Writes a small file under a temporary name, flushes it to the disk and renames it. All in one turn of the event loop, so that Ctrl-C finds either
 * nothing or the whole file.
 * @throws TiepointError `output-exists` (without `overwrite`), `output-unwritable`, `disk-full`.
 */
export function writeTextFile(path: string, text: string | Uint8Array, overwrite: boolean): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, 'w');
    try {
      writeFileSync(file, text);
      // A name that outlives a power failure must not stand for an empty file.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (overwrite) {
      renameSync(temporary, path);
    } else {
      // A link fails where the name is taken; a rename would replace that file.
      linkSync(temporary, path);
      unlinkSync(temporary);
    }
  } catch (cause) {
    rmSync(temporary, { force: true });
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new TiepointError('output-exists', `${path}: the file exists already`, {
        hint: 'Choose another name, or allow it to be replaced (--overwrite).',
        value: path,
        cause,
      });
    }
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    throw new TiepointError(full ? 'disk-full' : 'output-unwritable', `${path}: cannot be written (${message})`, {
      hint: full
        ? 'Free some space or write elsewhere.'
        : 'Check that the directory exists and that you may write to it.',
      value: path,
      cause,
    });
  }
}
