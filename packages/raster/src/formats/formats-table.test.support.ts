import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openFormats } from './open-content.js';
import { unreadFormats } from './raster-formats.js';

const path = fileURLToPath(new URL('../../../../docs/formats.md', import.meta.url));
const [begin, end] = ['<!-- formats: begin -->', '<!-- formats: end -->'];

/** The tables of the formats that are read, and of those that are told apart from them. */
function formatsTable(): string {
  const rows = openFormats.map(
    ({ name, about: { title, names, reads, not } }) =>
      `| **${title}** (${name}) | ${names} | ${reads} | ${not === '' ? '–' : not} |`,
  );
  const unread = unreadFormats.map(({ name, hint }) => `| ${name} | ${hint} |`);
  return [
    begin,
    '',
    '| format | named by | read | not read |',
    '|---|---|---|---|',
    ...rows,
    '',
    'Files of these are told apart, and not read:',
    '',
    '| format | what to do |',
    '|---|---|',
    ...unread,
    '',
    end,
  ].join('\n');
}

/** docs/formats.md as it is, and as it is to be. */
export function formatsPage(): { readonly found: string; readonly due: string } {
  const found = readFileSync(path, 'utf8');
  const [from, to] = [found.indexOf(begin), found.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table of formats`);
  return { found, due: found.slice(0, from) + formatsTable() + found.slice(to + end.length) };
}

/** Writes the page as it is to be. */
export function writeFormatsPage(): void {
  writeFileSync(path, formatsPage().due);
}
