import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Modules a module imports when it is loaded; `import()` and types do not count. */
function staticImports(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+'([^']+)';|^import\s+'([^']+)';/gms)].map(
    (m) => m[1] ?? m[2]!,
  );
}

test("the browser's part loads nothing of Node's", () => {
  const seen = new Set<string>();
  const outside = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const name of staticImports(path)) {
      if (name.startsWith('.')) visit(resolve(dirname(path), name.replace(/\.js$/, '.ts')));
      else outside.add(name);
    }
  };
  visit(fileURLToPath(new URL('browser.ts', import.meta.url)));
  expect(seen.size).toBeGreaterThan(25);
  expect([...outside].toSorted()).toEqual(['@tiepoint/geometry', 'proj4']);
});
