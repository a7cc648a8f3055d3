import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { writeTextFile } from 'tiepoint/cli';
import type { JobEnd } from '../run/run-batch.js';
import { csvSummary } from './csv.js';
import { geojsonSummary } from './geojson.js';
import { htmlSummary } from './html.js';
import { type SummaryRow, summaryRow } from './row.js';

/** How a summary may be written. */
interface SummaryFormat {
  readonly ending: RegExp;
  readonly format: (rows: readonly SummaryRow[], title: string) => string;
}

const formats: readonly SummaryFormat[] = [
  { ending: /\.csv$/i, format: csvSummary },
  { ending: /\.(geojson|json)$/i, format: geojsonSummary },
  { ending: /\.html?$/i, format: htmlSummary },
];

/** @throws TiepointError `output-unsupported` */
function formatOf(path: string): SummaryFormat {
  const format = formats.find(({ ending }) => ending.test(path));
  if (format !== undefined) return format;
  throw new TiepointError('output-unsupported', `${path}: a summary cannot be written to such a file`, {
    hint: 'Known endings: .csv .geojson .html',
    value: path,
  });
}

/** Checks before the work begins that summaries can be written. @throws TiepointError `output-unsupported` */
export function checkSummaries(paths: readonly string[]): void {
  for (const path of paths) formatOf(path);
}

/** Writes a summary; the format follows the ending. An earlier one is replaced. @throws TiepointError of writing */
export function writeSummary(path: string, ends: readonly JobEnd[], title: string): void {
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true });
  const rows = ends.map((end) => summaryRow(end, dirname(file)));
  writeTextFile(file, formatOf(file).format(rows, title), true);
}
