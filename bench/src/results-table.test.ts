import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { registrationTable, withTable } from './results-table.js';

test('the README shows the figures of the result files', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(withTable(readme, registrationTable())).toBe(readme);
});
