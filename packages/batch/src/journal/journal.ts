import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { type DoneRecord, type JournalRecord, recordSchema } from './record.js';

/** What all journals of a batch say. */
export interface JournalState {
  /** The last end of each job. */
  readonly done: ReadonlyMap<string, DoneRecord>;
  /** Files that a job of this batch has written or may have begun to write. */
  readonly owned: ReadonlySet<string>;
}

/** A file that only grows; every line is on the disk before the next thing is done. */
export interface Journal extends Disposable {
  /** @throws TiepointError `disk-full`, `output-unwritable` */
  append(record: JournalRecord): void;
}

/** The journal of a shard stands beside that of the whole: `tiepoint-batch.jsonl`, `tiepoint-batch.3-of-8.jsonl`. */
export function shardPath(path: string, shard: { readonly index: number; readonly count: number } | null): string {
  return shard === null ? path : path.replace(/(\.jsonl)?$/, `.${shard.index}-of-${shard.count}.jsonl`);
}

/** The journal of the whole batch and those of its shards, as far as they are there. */
export async function journalFamily(path: string): Promise<readonly string[]> {
  const stem = basename(path).replace(/\.jsonl$/, '');
  const names = await readdir(dirname(path)).catch(() => [] as string[]);
  const shard = /^\.\d+-of-\d+\.jsonl$/;
  return names
    .filter((name) => name === basename(path) || (name.startsWith(stem) && shard.test(name.slice(stem.length))))
    .map((name) => join(dirname(path), name));
}

/** The records of a journal. A line that a crash cut short is no record: what it would have said is found out anew. */
function recordsOf(text: string): readonly JournalRecord[] {
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = recordSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** Reads all journals of a batch. */
export async function readJournals(path: string): Promise<JournalState> {
  const done = new Map<string, DoneRecord>();
  const owned = new Set<string>();
  for (const file of await journalFamily(path)) {
    for (const record of recordsOf(await readFile(file, 'utf8'))) {
      if (record.event === 'start') {
        for (const output of record.outputs) owned.add(output);
        continue;
      }
      const before = done.get(record.id);
      if (before === undefined || before.time <= record.time) done.set(record.id, record);
    }
  }
  // What a batch wrote before it began anew is still its own to replace.
  for (const file of await setAsideBefore(path)) {
    for (const record of recordsOf(await readFile(file, 'utf8'))) {
      if (record.event === 'start') for (const output of record.outputs) owned.add(output);
    }
  }
  return { done, owned };
}

async function setAsideBefore(path: string): Promise<readonly string[]> {
  const stem = basename(path).replace(/\.jsonl$/, '');
  const names = await readdir(dirname(path)).catch(() => [] as string[]);
  return names
    .filter((name) => name.startsWith(stem) && name.endsWith('.old'))
    .map((name) => join(dirname(path), name));
}

/** Lays journals aside, so that the batch begins anew; their files keep what they say under another ending. */
export async function setAside(path: string): Promise<void> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  for (const file of await journalFamily(path)) await rename(file, `${file}.${stamp}.old`);
}

function writeFailure(path: string, cause: unknown): TiepointError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new TiepointError(
    full ? 'disk-full' : 'output-unwritable',
    `${path}: the journal cannot be written (${message})`,
    {
      hint: 'Nothing of what is done is lost: run the same command again when there is room.',
      value: path,
      cause,
    },
  );
}

/** Opens a journal to append to. @throws TiepointError `output-unwritable`, `disk-full` */
export function openJournal(path: string): Journal {
  let file: number;
  try {
    file = openSync(path, 'a+');
  } catch (cause) {
    throw writeFailure(path, cause);
  }
  const write = (text: string): void => {
    try {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
      fsyncSync(file);
    } catch (cause) {
      throw writeFailure(path, cause);
    }
  };
  let atLineStart = endsLine(file);
  return {
    append: (record) => {
      // What a crash or a full disk cut short must not swallow the next line.
      const text = `${atLineStart ? '' : '\n'}${JSON.stringify(record)}\n`;
      atLineStart = false;
      write(text);
      atLineStart = true;
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}

function endsLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}
