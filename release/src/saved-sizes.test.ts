import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { SizeRow } from './saved-sizes.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('the guide says how much an installation takes as it was measured', () => {
  const { rows } = JSON.parse(read('bench/results/packages.json')) as { readonly rows: readonly SizeRow[] };
  const guide = read('docs/first-registration.md');
  for (const engine of ['native', 'wasm'] as const) {
    const all = rows.find((row) => row.engine === engine && row.package === 'all');
    const said = `${Math.round(all?.megabytes ?? NaN)} MB`;
    expect(guide).toContain(said);
    if (engine === 'native') expect(read('README.md')).toContain(said);
  }
});
