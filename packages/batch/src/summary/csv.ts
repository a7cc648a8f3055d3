import type { SummaryRow } from './row.js';

const columns = [
  'name',
  'state',
  'status',
  'reference',
  'sensed',
  'output',
  'model',
  'tiePoints',
  'inliers',
  'ce90',
  'ce90Metres',
  'checkRmse',
  'predictedSd',
  'shiftX',
  'shiftY',
  'shiftMetres',
  'seconds',
  'attempts',
  'reason',
  'solution',
  'report',
  'id',
] as const satisfies readonly (keyof SummaryRow)[];

function cell(value: string | number | null): string {
  if (value === null) return '';
  // A spreadsheet takes a text that begins so for a formula.
  const text = typeof value === 'string' && /^[=+@\-\t]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table, a line a pair (RFC 4180). */
export function csvSummary(rows: readonly SummaryRow[]): string {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','));
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}
