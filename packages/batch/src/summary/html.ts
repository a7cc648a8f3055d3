import { escapeHtml } from 'tiepoint/cli';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import type { SummaryRow } from './row.js';

/** What the page needs of a row, as a list without names: ten thousand of them are to stay a few MB. */
const fields = [
  'name',
  'state',
  'tiePoints',
  'inliers',
  'ce90',
  'ce90Metres',
  'shiftX',
  'shiftY',
  'shiftMetres',
  'seconds',
  'model',
  'reason',
  'reference',
  'sensed',
  'output',
  'solution',
  'report',
  'before',
  'after',
] as const satisfies readonly (keyof SummaryRow)[];

function rounded(value: number): number {
  return Number(value.toPrecision(7));
}

function packed(row: SummaryRow): unknown {
  const values = fields.map((field) => {
    const value = row[field];
    return typeof value === 'number' ? rounded(value) : value;
  });
  return [...values, row.footprint?.flatMap(([x, y]) => [rounded(x), rounded(y)]) ?? null];
}

/** JSON that may stand in a script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** A page of its own: table, map of footprints, histogram of shifts, pictures. Only rows in view are drawn. */
export function htmlSummary(rows: readonly SummaryRow[], title: string): string {
  const data = `{"fields":${scriptJson([...fields, 'footprint'])},"rows":[\n${rows.map((row) => scriptJson(packed(row))).join(',\n')}\n]}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
<header>
  <h1>${escapeHtml(title)}</h1>
  <div id="counts" role="group" aria-label="Show only"></div>
</header>
<section id="figures">
  <figure><figcaption>Footprints <span id="map-note"></span></figcaption><canvas id="map" tabindex="0" aria-label="Map of footprints; a click selects a pair"></canvas></figure>
  <figure><figcaption>Shift that was found, <span id="unit"></span></figcaption><canvas id="histogram" aria-label="Histogram of shifts"></canvas></figure>
  <aside id="detail" aria-live="polite"><p>Select a pair to see it before and after.</p></aside>
</section>
<p id="tools"><label>Find <input id="find" type="search" placeholder="name or reason"></label> <span id="shown"></span></p>
<div id="table" role="table" aria-label="Pairs"><div id="head" role="row"></div><div id="scroll" tabindex="0"><div id="space"><div id="rows" role="rowgroup"></div></div></div></div>
<noscript>This page needs JavaScript; the same is in the CSV summary.</noscript>
<script type="application/json" id="data">${data}</script>
<script>${pageScript}</script>
</html>
`;
}
