import { expect, test } from 'vitest';
import { formatsPage } from './formats-table.test.support.js';

test('docs/formats.md has the table of the formats that files are opened by; npm run docs:formats writes it', () => {
  const { found, due } = formatsPage();
  expect(found).toBe(due);
});
