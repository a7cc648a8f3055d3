import { dirname, resolve } from 'node:path';
import { isStacDocument, itemsOf, readItems, searchItems } from '@tiepoint/catalog';
import { TiepointError } from '@tiepoint/geometry';
import { type CliSession, readTextFile } from 'tiepoint/cli';
import { rowsOfGlobs } from '../manifest/expand-globs.js';
import { parseManifest } from '../manifest/parse-manifest.js';
import type { ManifestRow } from '../manifest/row.js';
import { rowsOfStac } from '../manifest/stac-rows.js';
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

function stacDocumentOf(text: string): unknown {
  if (!/^\s*\{/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isStacDocument(value) ? value : null;
  } catch {
    return null;
  }
}

const isUrl = (name: string): boolean => /^https?:/i.test(name);
const isImage = (name: string): boolean => /\.(tiff?|png|jpe?g|webp|vrt)($|\?)/i.test(name);
const isManifest = (name: string): boolean =>
  isUrl(name) ? !isImage(name) : /^-$|\.(csv|tsv|jsonl|ndjson|json|geojson)$/i.test(name);

function nothingNamed(): TiepointError {
  return new TiepointError('usage', 'nothing says which pairs', {
    hint: 'Name a manifest, images with --reference, or a catalogue with --stac-api.',
  });
}

/** The rows of one document: pairs, or items of STAC. */
async function rowsOfDocument(
  manifest: string,
  flags: BatchFlags,
  session: CliSession,
): Promise<readonly ManifestRow[]> {
  const { limit } = flags;
  if (isUrl(manifest)) return rowsOfStac(await readItems(manifest, { limit }), flags);
  const fromInput = manifest === '-';
  const text = fromInput ? await readStandardInput(session) : await readTextFile(manifest);
  const document = stacDocumentOf(text);
  if (document !== null) {
    // What lies below a catalogue is seen from its file; standard input has none.
    const items = fromInput ? itemsOf(document, resolve('standard-input')) : await readItems(manifest, { limit });
    return rowsOfStac(items, flags);
  }
  const rows = parseManifest(text, fromInput ? 'standard input' : manifest);
  const { reference } = flags;
  if (reference === undefined) return rows;
  return rows.map((row) => ({ ...row, values: { reference: resolve(reference), ...row.values } }));
}

/** Reads what the arguments of `tiepoint batch` name. @throws TiepointError of reading, `invalid-manifest`, `usage` */
export async function readRows(named: readonly string[], flags: BatchFlags, session: CliSession): Promise<BatchRows> {
  const { reference, stacApi } = flags;
  const [manifest] = named;
  const here = process.cwd();
  if (stacApi !== undefined) {
    const items = await searchItems(stacApi, flags, { limit: flags.limit });
    return { rows: await rowsOfStac(items, flags), title: stacApi, folder: here };
  }
  if (manifest === undefined) throw nothingNamed();
  if (reference !== undefined && !named.every(isManifest)) {
    return { rows: await rowsOfGlobs(named, reference), title: `images on ${reference}`, folder: here };
  }
  if (named.length > 1) {
    throw new TiepointError('usage', 'more than one manifest was named, or images without a reference', {
      hint: 'Name one manifest, or the image that all are to be laid on with --reference.',
      value: named[1],
    });
  }
  const rows = await rowsOfDocument(manifest, flags, session);
  const local = manifest !== '-' && !isUrl(manifest);
  return {
    rows,
    title: manifest === '-' ? 'standard input' : manifest,
    folder: local ? dirname(resolve(manifest)) : here,
  };
}
