import { dirname, resolve } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { type CliSession, readTextFile } from 'tiepoint/cli';
import { rowsOfGlobs } from '../manifest/expand-globs.js';
import { parseManifest } from '../manifest/parse-manifest.js';
import type { ManifestRow } from '../manifest/row.js';
import type { BatchFlags } from './batch-command.js';

/** The rows of a batch, and where their paths are seen from. */
export interface BatchRows {
  readonly rows: readonly ManifestRow[];
  /** For people, and the name of the journal. */
  readonly title: string;
  readonly folder: string;
}

async function readStandardInput(session: CliSession): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of session.input) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

/** Reads what the arguments of `tiepoint batch` name. @throws TiepointError of reading, `invalid-manifest`, `usage` */
export async function readRows(
  named: readonly string[],
  { reference }: BatchFlags,
  session: CliSession,
): Promise<BatchRows> {
  const [manifest] = named as [string];
  if (reference !== undefined && !named.every((name) => /^-$|\.(csv|tsv|jsonl|ndjson|json)$/i.test(name))) {
    return { rows: await rowsOfGlobs(named, reference), title: `images on ${reference}`, folder: process.cwd() };
  }
  if (named.length > 1) {
    throw new TiepointError('usage', 'more than one manifest was named, or images without a reference', {
      hint: 'Name one manifest, or the image that all are to be laid on with --reference.',
      value: named[1],
    });
  }
  const text = manifest === '-' ? await readStandardInput(session) : await readTextFile(manifest);
  const folder = manifest === '-' ? process.cwd() : dirname(resolve(manifest));
  const rows = parseManifest(text, manifest === '-' ? 'standard input' : manifest);
  const withReference = rows.map((row) => ({
    ...row,
    values: reference === undefined ? row.values : { reference: resolve(reference), ...row.values },
  }));
  return { rows: withReference, title: manifest === '-' ? 'pairs of standard input' : manifest, folder };
}
