import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { errorCodes, exitCodeOfCategory } from './error-codes.js';

/** The codes that stand in the sources of all packages but onnx-grad, which has a class of its own. */
function thrownCodes(): Set<string> {
  const packages = fileURLToPath(new URL('../../../', import.meta.url));
  const found = new Set<string>();
  for (const name of ['geometry', 'raster', 'matching', 'training', 'tiepoint', 'catalog', 'batch', 'server']) {
    const folder = join(packages, name, 'src');
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.includes('.test.') || file.endsWith('error-codes.ts')) continue;
      const text = readFileSync(join(folder, file), 'utf8');
      // As an argument of the class, by a choice between two, or in the table that translates onnx-grad's.
      for (const [call] of text.matchAll(/new TiepointError\(\s*[^,]+,/g)) {
        for (const [, code] of call.matchAll(/'([a-z-]+)'/g)) found.add(code!);
      }
      for (const [, code] of text.matchAll(/\bcode: '([a-z-]+)',/g)) found.add(code!);
      for (const [, code] of text.matchAll(/Error\('([a-z]+(?:-[a-z]+)+)',/g)) found.add(code!);
    }
  }
  return found;
}

it('lists every code that is thrown, and none that is not', () => {
  const thrown = thrownCodes();
  const listed = Object.keys(errorCodes);
  expect(thrown.size).toBeGreaterThan(40);
  expect([...thrown].filter((code) => !listed.includes(code))).toEqual([]);
  expect(listed.filter((code) => !thrown.has(code))).toEqual([]);
});

it('has a hint for each, and exit statuses of the contract', () => {
  for (const [code, { category, hint }] of Object.entries(errorCodes)) {
    expect(hint.length, code).toBeGreaterThan(10);
    expect([1, 2, 3, 4, 6], code).toContain(exitCodeOfCategory[category]);
    if (code.startsWith('output-')) expect(exitCodeOfCategory[category], code).toBe(2);
  }
});
