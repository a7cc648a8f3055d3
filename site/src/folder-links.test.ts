import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { withFolderLinks } from './folder-links.js';

it('leads folders to the repository, and leaves the rest as it is', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const text =
    'See [docs](../docs), [a file](../README.md), [a part](#x), [out](https://example.org/docs) and [none](../absent).';
  expect(withFolderLinks(text, `${root}site`, root, 'https://example.org/r')).toBe(
    text.replace('(../docs)', '(https://example.org/r/tree/main/docs)'),
  );
});
