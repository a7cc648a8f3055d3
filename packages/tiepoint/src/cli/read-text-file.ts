import { open } from 'node:fs/promises';
import { TiepointError } from '@tiepoint/geometry';

/** No solution or point list is larger than this; what is, was named by mistake. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads a text file the user named.
 * @throws TiepointError `file-not-found`, `file-unreadable`, `file-empty`, `file-too-large`.
 */
export async function readTextFile(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > maxBytes) {
      throw new TiepointError('file-too-large', `${path}: ${size} bytes are too many for a text file of this kind`, {
        hint: 'Did you mean another file?',
        value: path,
      });
    }
    const text = await file.readFile('utf8');
    if (text.trim() === '') throw new TiepointError('file-empty', `${path}: the file is empty`, { value: path });
    return text;
  } catch (error) {
    if (error instanceof TiepointError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new TiepointError(
      missing ? 'file-not-found' : 'file-unreadable',
      missing ? `${path}: no such file` : `${path}: cannot be read (${(error as Error).message})`,
      { hint: 'Check the path.', value: path, cause: error },
    );
  }
}
