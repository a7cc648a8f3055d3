import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RegistrationRow } from './registration/summary.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const results = join(root, 'bench/results');
const begin = '<!-- results: begin -->';
const end = '<!-- results: end -->';

interface ResultDocument {
  readonly bench: string;
  readonly commit: string;
  readonly command: string;
  readonly rows: readonly RegistrationRow[];
}

function registrationDocuments(): readonly ResultDocument[] {
  return readdirSync(results)
    .filter((name) => /^registration-.*\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')) as ResultDocument);
}

/** The registration table of the README, from the files under bench/results. */
export function registrationTable(): string {
  const documents = registrationDocuments();
  if (documents.length === 0) return 'No run is stored yet.';
  const rows = documents.flatMap((document) => document.rows);
  const methods = [...new Set(rows.map((row) => row.method))].toSorted((a, b) =>
    a === 'tiepoint' ? -1 : b === 'tiepoint' ? 1 : a.localeCompare(b),
  );
  const percent = (value: number): string => `${Math.round(100 * value)}`;
  const lines = [
    `| success rate, % | ${methods.map((method) => `${method} @1 / @3 / @5 px`).join(' | ')} |`,
    `|---|${methods.map(() => '---|').join('')}`,
  ];
  const cells = rows.flatMap((row) => ('level' in row ? [{ set: row.set, level: row.level, n: row.n }] : []));
  const seen = new Set<string>();
  for (const { set, level, n } of cells) {
    if (seen.has(`${set} ${level}`)) continue;
    seen.add(`${set} ${level}`);
    const columns = methods.map((method) => {
      const row = rows.find((r) => r.method === method && r.set === set && 'level' in r && r.level === level);
      return row !== undefined && 'level' in row
        ? `${percent(row.sr1)} / ${percent(row.sr3)} / ${percent(row.sr5)}`
        : 'not run';
    });
    lines.push(`| ${set}, ${level} (n = ${n}) | ${columns.join(' | ')} |`);
  }
  const unrelated = methods.map((method) => {
    const row = rows.find((r) => r.method === method && !('level' in r));
    return row !== undefined && !('level' in row) ? `${percent(row.falseAccept)} % of ${row.n}` : 'not run';
  });
  lines.push(`| unrelated pairs accepted | ${unrelated.join(' | ')} |`);
  const commands = documents.map(({ command, commit }) => `\`${command}\` (commit ${commit})`);
  return `${lines.join('\n')}\n\nFrom ${commands.join(', ')}.`;
}

/** Replaces the part of a text between the markers. */
export function withTable(readme: string, table: string): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  return `${readme.slice(0, from + begin.length)}\n${table}\n${readme.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(root, 'README.md');
  writeFileSync(path, withTable(readFileSync(path, 'utf8'), registrationTable()));
}
