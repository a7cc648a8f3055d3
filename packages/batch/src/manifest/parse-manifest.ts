import { TiepointError } from '@tiepoint/geometry';
import { parse as parseCsv } from 'csv-parse/sync';
import * as z from 'zod';
import type { ManifestRow, RowValue } from './row.js';

const rowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** How a manifest may be written. */
interface ManifestFormat {
  readonly name: string;
  readonly ending: RegExp;
  /** Whether a text without a name looks like it. */
  readonly sniff: (text: string) => boolean;
  readonly parse: (text: string, source: string) => readonly ManifestRow[];
}

function invalid(source: string, why: string, value?: unknown): TiepointError {
  return new TiepointError('invalid-manifest', `${source}: ${why}`, {
    hint: 'A manifest is CSV with a header, one JSON object a line, or a JSON list of objects; see docs/batch.md.',
    value,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A parsed JSON value as a row; null stands for a value that is not given. */
function rowOf(value: unknown, place: string): ManifestRow {
  const parsed = rowSchema.safeParse(value);
  if (!parsed.success) throw invalid(place, 'is not an object of texts, numbers and truth values', value);
  const given = Object.entries(parsed.data).filter((entry): entry is [string, RowValue] => entry[1] !== null);
  return { place, values: Object.fromEntries(given) };
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(place, `is not JSON (${messageOf(error)})`);
  }
}

const csv: ManifestFormat = {
  name: 'CSV',
  ending: /\.(csv|tsv|txt)$/i,
  sniff: () => true,
  parse: (text, source) => {
    const delimiter = /^[^\n,;]*\t/.test(text) ? '\t' : /^[^\n,]*;/.test(text) ? ';' : ',';
    let records: readonly { readonly record: Readonly<Record<string, string>>; readonly info: { lines: number } }[];
    try {
      records = parseCsv(text, {
        bom: true,
        columns: (header: string[]) => header.map((name) => name.trim()),
        delimiter,
        info: true,
        skip_empty_lines: true,
        trim: true,
      }) as unknown as typeof records;
    } catch (error) {
      throw invalid(source, messageOf(error));
    }
    return records.map(({ record, info }) => ({
      place: `${source}, line ${info.lines}`,
      values: Object.fromEntries(Object.entries(record).filter(([, value]) => value !== '')),
    }));
  },
};

const jsonLines: ManifestFormat = {
  name: 'JSON lines',
  ending: /\.(jsonl|ndjson)$/i,
  sniff: (text) => /^\s*\{[^\n]*\}\s*(\n|$)/.test(text),
  parse: (text, source) =>
    text.split('\n').flatMap((line, i) => {
      const place = `${source}, line ${i + 1}`;
      return line.trim() === '' ? [] : [rowOf(parseJson(line, place), place)];
    }),
};

const json: ManifestFormat = {
  name: 'JSON',
  ending: /\.json$/i,
  sniff: (text) => /^\s*[[{]/.test(text),
  parse: (text, source) => {
    const document = parseJson(text, source);
    const list = Array.isArray(document) ? document : (document as { readonly pairs?: unknown } | null)?.pairs;
    if (!Array.isArray(list)) throw invalid(source, 'is neither a list of pairs nor an object with one as `pairs`');
    return list.map((value: unknown, i) => rowOf(value, `${source}, pair ${i + 1}`));
  },
};

/** In the order in which texts without a telling name are tried. */
const formats = [jsonLines, json, csv];

/**
 * Reads the rows of a manifest.
 *
 * @param source - its name; the format follows the ending, or the text where that tells nothing
 * @throws TiepointError `invalid-manifest`, naming the line
 */
export function parseManifest(text: string, source: string): readonly ManifestRow[] {
  const format = formats.find(({ ending }) => ending.test(source)) ?? formats.find(({ sniff }) => sniff(text))!;
  const rows = format.parse(text, source);
  if (rows.length === 0) throw invalid(source, 'holds no pairs');
  return rows;
}
