import { TiepointError } from '@tiepoint/geometry';
import type { DataType } from '../data-type.js';

/** What an ENVI header says of its samples. */
export interface EnviHeader {
  readonly width: number;
  readonly height: number;
  readonly bandCount: number;
  readonly dataType: DataType;
  readonly interleave: 'bsq' | 'bil' | 'bip';
  /** Bytes before the first sample. */
  readonly offset: number;
  readonly littleEndian: boolean;
  readonly nodata: number | null;
  /** Everything it says, by name in small letters. */
  readonly fields: ReadonlyMap<string, string>;
}

const dataTypes: Readonly<Record<string, DataType>> = {
  1: 'uint8',
  2: 'int16',
  3: 'int32',
  4: 'float32',
  5: 'float64',
  6: 'cfloat32',
  9: 'cfloat64',
  12: 'uint16',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
};
const interleaves = ['bsq', 'bil', 'bip'] as const;
const mostBands = 65_536;

/** `name = value` and `name = { … }` of several lines. */
function parseFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  const lines = text.split(/\r?\n/);
  for (let i = 1; i < lines.length; i++) {
    const at = lines[i]!.indexOf('=');
    if (at < 0 || lines[i]!.trimStart().startsWith(';')) continue;
    const name = lines[i]!.slice(0, at).trim().toLowerCase().replaceAll(/\s+/g, ' ');
    const parts = [lines[i]!.slice(at + 1).trim()];
    if (parts[0]!.startsWith('{')) while (!parts.at(-1)!.includes('}') && i + 1 < lines.length) parts.push(lines[++i]!);
    fields.set(name, parts.join('\n').trim());
  }
  return fields;
}

/** The values of a list in braces. */
export function listOf(text: string | undefined): string[] {
  if (text === undefined) return [];
  return text
    .replace(/^\{|\}[^}]*$/g, '')
    .split(',')
    .map((part) => part.trim());
}

/** Reads a header. @throws {TiepointError} `file-corrupt`, `unsupported-format`. */
export function parseEnviHeader(text: string, name: string): EnviHeader {
  const fields = parseFields(text);
  const whole = (field: string, usual: number | null): number => {
    const said = fields.get(field);
    const value = said === undefined ? usual : Number(said);
    if (value !== null && Number.isSafeInteger(value) && value >= 0) return value;
    throw new TiepointError('file-corrupt', `${name}: "${field}" is ${said ?? 'missing'}`, {
      hint: 'The header is damaged, or of another program.',
      value: said,
    });
  };
  const [width, height, bandCount] = [whole('samples', null), whole('lines', null), whole('bands', 1)];
  if (width < 1 || height < 1 || bandCount < 1 || bandCount > mostBands || Math.max(width, height) > 2 ** 31 - 1) {
    throw new TiepointError('file-corrupt', `${name}: an image of ${width}×${height} px and ${bandCount} bands`, {
      hint: 'The header is damaged.',
      value: [width, height, bandCount],
    });
  }
  const said = (field: string): string => (fields.get(field) ?? '').toLowerCase();
  const dataType = dataTypes[said('data type') || '1'];
  const interleave = interleaves.find((kind) => kind === (said('interleave') || 'bsq'));
  if (dataType === undefined || interleave === undefined || !['', '0'].includes(said('file compression'))) {
    const what = dataType === undefined ? `data type ${said('data type')}` : interleave ? 'compression' : 'interleave';
    throw new TiepointError('unsupported-format', `${name}: ENVI of this ${what} is not read`, {
      hint: 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in out.tif',
      value: what,
    });
  }
  const nodata = Number(said('data ignore value') || Number.NaN);
  return {
    width,
    height,
    bandCount,
    dataType,
    interleave,
    offset: whole('header offset', 0),
    littleEndian: said('byte order') !== '1',
    nodata: Number.isNaN(nodata) ? null : nodata,
    fields,
  };
}
