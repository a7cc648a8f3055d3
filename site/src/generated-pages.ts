import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCodes, exitCodeOfCategory } from 'tiepoint/cli';
import { benchmarksPage, type StoredResult } from './benchmarks-page.js';
import { errorsPage } from './errors-page.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

function storedResults(): StoredResult[] {
  const folder = join(root, 'bench/results');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((file) => ({ ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<StoredResult, 'file'>), file }))
    .filter(({ bench, rows }) => typeof bench === 'string' && Array.isArray(rows));
}

/** Pages that are made from the code and from results, by their file. */
export function generatedPages(): Record<string, string> {
  return {
    'docs/errors.md': errorsPage(errorCodes, exitCodeOfCategory),
    'docs/benchmarks.md': benchmarksPage(storedResults()),
  };
}

/** Writes them. */
export function writeGeneratedPages(): void {
  for (const [file, text] of Object.entries(generatedPages())) writeFileSync(join(root, file), text);
}
