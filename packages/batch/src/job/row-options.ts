import { TiepointError } from '@tiepoint/geometry';
import { CommanderError } from 'commander';
import { type RegisterFlags, registerGrammar } from 'tiepoint/cli';
import type { ManifestRow, RowValue } from '../manifest/row.js';

/** A row whose options were understood. */
export interface ParsedRow {
  readonly row: ManifestRow;
  readonly reference: string;
  readonly sensed: string;
  readonly output: string | undefined;
  /** All options, with defaults; those that name outputs are left as they were written. */
  readonly flags: RegisterFlags & Readonly<Record<string, unknown>>;
}

/** Options that make no sense in a row: the batch itself has or does them. */
const ofTheBatch = new Set(['series', 'neighbours', 'bands', 'to-band', 'output-folder', 'json', 'quiet', 'help']);

function kebab(name: string): string {
  return name
    .trim()
    .replace(/^--?/, '')
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replaceAll(/[_\s]+/g, '-')
    .toLowerCase();
}

function invalid(row: ManifestRow, why: string, value?: unknown): TiepointError {
  return new TiepointError('invalid-manifest', `${row.place}: ${why}`, {
    hint: 'A row has reference, sensed, output and any option of `tiepoint register --help`.',
    value,
  });
}

/** The grammar is made once: a manifest may have tens of thousands of rows. */
let said = '';
const grammar = registerGrammar()
  .exitOverride()
  .configureOutput({ writeErr: (text) => void (said += text) });

const isFalse = (value: RowValue): boolean => value === false || /^(false|no|0)$/i.test(String(value));

/** The words that `register` would be given for an option. */
function wordsOf(row: ManifestRow, name: string, value: RowValue): readonly string[] {
  const negated = grammar.options.find(({ long }) => long === `--no-${name}`);
  if (negated !== undefined) return isFalse(value) ? [`--no-${name}`] : [];
  const option = grammar.options.find(({ long, short }) => long === `--${name}` || short === `-${name}`);
  if (option === undefined || ofTheBatch.has(name)) throw invalid(row, `has no option "${name}"`, name);
  if (option.isBoolean()) return isFalse(value) ? [] : [`--${name.replace(/^--/, '')}`];
  const values = option.long === '--co' ? String(value).split(/[\s;]+/) : [String(value)];
  return values.flatMap((one) => [option.long ?? `-${name}`, one]);
}

/**
 * Reads a row's options by the grammar of `tiepoint register`, so that both take the same and refuse the same.
 *
 * @param shared - options that were given for all rows
 * @throws TiepointError `invalid-manifest`, naming the row
 */
export function parseRow(row: ManifestRow, shared: Readonly<Record<string, unknown>>): ParsedRow {
  const values = Object.fromEntries(Object.entries(row.values).map(([name, value]) => [kebab(name), value]));
  const { reference, sensed, output, ...options } = values;
  for (const [name, value] of Object.entries({ reference, sensed })) {
    if (typeof value !== 'string' || value === '') throw invalid(row, `names no ${name} image`, value);
  }
  if (output !== undefined && typeof output !== 'string') throw invalid(row, 'has an output that is no text', output);
  said = '';
  const words = Object.entries(options).flatMap(([name, value]) => wordsOf(row, name, value));
  try {
    grammar.parse([...words, '--', 'reference', 'sensed'], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw invalid(row, said.trim().replace(/^error: /, '') || error.message);
  }
  const parsed: Record<string, unknown> = grammar.opts();
  const own = Object.keys(parsed).filter((name) => grammar.getOptionValueSource(name) === 'cli');
  const flags = { ...parsed, ...shared, ...Object.fromEntries(own.map((name) => [name, parsed[name]])) };
  return {
    row,
    reference: reference as string,
    sensed: sensed as string,
    output,
    flags: flags as unknown as ParsedRow['flags'],
  };
}
