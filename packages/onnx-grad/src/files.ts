import { appendFile, open, readFile, rename, rm } from 'node:fs/promises';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
import { OnnxGradError } from './error.js';

/** Writes a file whole or not at all: under another name in the same folder first, flushed to disk, then renamed. */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  try {
    await using file = await open(temporary, 'w');
    await file.writeFile(bytes);
    await file.sync();
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new OnnxGradError('unwritable', `cannot write ${path}`, { cause, value: path });
  }
  await rename(temporary, path);
}

/** Stores a checkpoint in a file, replacing the one before; for `TrainOptions.checkpoints`. */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<string> {
  await writeAtomically(path, encodeCheckpoint(checkpoint));
  return path;
}

/** Reads a checkpoint; `undefined` where there is no such file. */
export async function loadCheckpoint(path: string): Promise<Checkpoint | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ENOENT') return undefined;
    throw new OnnxGradError('unreadable', `cannot read ${path}`, { cause, value: path });
  }
  return decodeCheckpoint(bytes);
}

/** Appends values to a file, one JSON document a line. */
export function jsonLines(path: string): (value: unknown) => Promise<void> {
  return (value) => appendFile(path, `${JSON.stringify(value)}\n`);
}
